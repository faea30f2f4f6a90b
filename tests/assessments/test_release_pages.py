"""The policy of release in the editor and in files, and the managers' page that releases."""

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from assessments.adapters import catalogue_tests
from assessments.domain.release import ReleaseWay, release_policy
from assessments.operations.catalogue import check_catalogue
from assessments.queries.attempts import list_attempts
from assessments.queries.blueprints import find_test_draft
from lms.catalogue.documents import read_document
from lms.catalogue.findings import Findings
from lms.catalogue.readers import Catalogue
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.authoring.test_blueprints import FIELDS
from tests.assessments.factories import BANK, sit
from tests.assessments.marked_tests import BANK as MARKED
from tests.assessments.marked_tests import hand_in, make_marked_test, make_marker, mark
from tests.assessments.released_later import make_test_released, state_release
from tests.certificates.factories import AT, deliver_all
from tests.people import make_person, sign_in

SHIPPED = Path(__file__).parents[2] / "courses" / "catalogue" / "fact-versus-fiction"
PAGE = f"/authoring/tests/{BANK}"


@pytest.fixture
def manager(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(Role.CANDIDATE, Role.AUTHOR, Role.MANAGER))
    sign_in(client, person)
    return client


def stated(client, database, **typed) -> object:
    client.post(PAGE, data={**FIELDS, "revision": "0", "do": "save", **typed})
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return find_test_draft(session, BANK).terms["release"]


@pytest.mark.parametrize(
    ("typed", "raw"),
    [
        ({}, "at-once"),
        ({"release": "by-hand", "release_on": "2026-12-01T09:00"}, "by-hand"),
        ({"release": "on-date", "release_on": "2026-12-01T09:00"}, {"on": "2026-12-01T09:00Z"}),
        ({"release": "on-date", "release_on": "next week"}, {"on": "next week"}),
    ],
)
def test_the_editor_keeps_what_is_chosen_and_shows_it_again(manager, database, typed, raw):
    assert stated(manager, database, **typed) == raw

    page = manager.get(PAGE).text

    assert f'<option value="{typed.get("release", "at-once")}" selected>' in page
    if isinstance(raw, dict):
        assert f'value="{typed["release_on"]}"' in page


def test_a_date_that_is_none_cannot_be_submitted(manager, database):
    stated(manager, database, release="on-date", release_on="")

    assert "release: expected at-once, by-hand, or a date with its time zone" in manager.get(PAGE).text


@pytest.mark.parametrize("line", ["release: by-hand", "release: {on: 2026-12-01T09:00Z}", "release: at-once"])
def test_a_file_states_the_policy_and_at_once_is_the_version_that_it_was(tmp_path, line):
    found, terms = read(tmp_path, line)

    assert found == []
    policy = release_policy(terms.get("release"))
    assert ("release" in terms) == (policy.way is not ReleaseWay.AT_ONCE)


@pytest.mark.parametrize("line", ["release: never", "release: {on: soon}", "release: {on: 2026-12-01}", "release: 3"])
def test_a_policy_that_is_none_is_named_at_its_line(tmp_path, line):
    found, _terms = read(tmp_path, line)

    assert found == [
        "test.yaml:1: release: expected at-once, by-hand, or a date with its time zone such as {on: 2026-12-01T09:00Z}"
    ]


def read(folder: Path, line: str) -> tuple[list[str], dict[str, object]]:
    """What the checker says of the shipped track with this line on top of its test, and the terms as stored."""
    track = folder / "fact-versus-fiction"
    shutil.copytree(SHIPPED, track)
    file = track / "test.yaml"
    file.write_text(f"{line}\n{file.read_text()}")
    findings = Findings()
    check_catalogue(Catalogue(None, (track,)), findings)
    node = read_document(file, Findings())
    try:
        terms = catalogue_tests.TestEntry.model_validate(node.value).document()
    except ValidationError:
        terms = {}
    return [str(finding).removeprefix(f"{track}/") for finding in findings.sorted()], terms


def test_a_manager_sees_what_waits_and_releases_it(app, manager, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test_released(session, at=AT, release="by-hand")
        person_id = make_person(session).id
        sit(session, person_id=person_id, at=AT)
    assert "Release now" in manager.get("/manage/releases/").text

    assert manager.post(f"/manage/releases/{BANK}").status_code == 303
    assert "1 result is being released." in manager.get("/manage/releases/").text
    deliver_all(app)

    assert "nothing waits" in manager.get("/manage/releases/").text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        [attempt] = list_attempts(session, person_id=person_id)
    assert attempt.has_passed


def test_a_release_waits_until_all_are_marked(app, manager, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_marked_test(session, at=AT)
        state_release(session, "by-hand", at=AT, slug=MARKED)
        marker = make_marker(session)
        first, second = (hand_in(session, make_person(session).id, at=AT) for _ in range(2))
        for name in ("essay", "rewrite"):
            mark(session, first, name, marker.id, at=AT)
    assert "marks are missing" in manager.get("/manage/releases/").text
    refused = manager.post(f"/manage/releases/{MARKED}")
    assert refused.status_code == 409
    assert "1 handed-in attempts still wait for marks" in refused.text
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for name in ("essay", "rewrite"):
            mark(session, second, name, marker.id, at=AT)

    assert manager.post(f"/manage/releases/{MARKED}").status_code == 303


def test_only_managers_release(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test_released(session, at=AT, release="by-hand")
        person = make_person(session, roles=(Role.CANDIDATE, Role.AUTHOR, Role.MARKER))
    sign_in(client, person)

    assert client.get("/manage/releases/").status_code == 403
    assert client.post(f"/manage/releases/{BANK}").status_code == 403


def test_a_result_that_waits_says_until_when(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test_released(session, at=AT, release={"on": "2999-12-01T09:00:00+00:00"})
        person = make_person(session)
        attempt_id = sit(session, person_id=person.id, at=AT)
    sign_in(client, person)
    page = client.get(f"/attempts/{attempt_id}/result").text

    assert "Your result is not released yet" in page
    assert "1 December 2999, 09:00" in page
    assert "Not released yet" in client.get("/me/").text
    assert "Not released yet" in client.get(f"/tests/{BANK}/").text
