"""Before the release, in every state and on every channel, what a candidate gets does not depend on the result.

The stored result of one and the same attempt is turned from the best into the worst. While it is not released no byte
that leaves may change; the same look after the release shows that the channels were looked at in earnest.
"""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState
from assessments.models.results import ItemResult, SkillResult
from assessments.operations.releasing import release_attempt
from assessments.operations.starting import start_attempt
from certificates.queries.certificates import list_certificates
from lms import clock
from lms.accounts.models import Person
from lms.accounts.personal_data import export_person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, sit
from tests.assessments.marked_tests import BANK as MARKED
from tests.assessments.marked_tests import hand_in, make_marked_test, make_marker, mark
from tests.assessments.released_later import state_release
from tests.certificates.factories import AT, BASE_URL, deliver_all, make_achievement, make_office
from tests.mails import waiting_mails
from tests.people import make_person, sign_in

PAGES = (
    "/",
    "/tiers/",
    "/me/",
    "/account/",
    "/courses/",
    "/practice/",
    f"/tests/{BANK}/",
    f"/tests/{MARKED}/",
    "/attempts/{attempt}/",
    "/attempts/{attempt}/result",
    "/attempts/{attempt}/review",
    "/marking/",
    "/search",
)
CANARY = Fraction(77345678, 100000000)  # shown as 77 % or 77.3 %
MARKINGS = {"waits for marks": (), "half marked": ("essay",), "marked": ("essay", "rewrite")}
TRACES = ("77 %", "77 %", "77.3", "0.773", "77345678")


@pytest.fixture
def holder(app: Flask, database: Database) -> Person:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_person(session)


def looks(app: Flask, client: FlaskClient, person: Person, attempt_id: UUID) -> Iterator[tuple[str, str]]:
    """Every channel by name with what it says, without what differs from one request to the next."""
    database: Database = app.extensions["assay.database"]
    for page in PAGES:
        answer = client.get(page.format(attempt=attempt_id))
        yield page, f"{answer.status_code} {answer.headers.get('Location')} {_steady(answer.text)}"
    with app.test_request_context(), database.reading(PUBLIC_ORGANISATION_ID) as session:
        held = export_person(app, session, person_id=person.id)
        held["accounts"] = None  # sign-ins, which differ
        yield "export", json.dumps(held, default=str)
        yield "certificates", repr(list_certificates(session, person_id=person.id))
    yield "mails", json.dumps(waiting_mails(database))


def _steady(text: str) -> str:
    text = re.sub(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"', "", text)
    return re.sub(r"next=[\w.\-]+", "", text)


def set_result(database: Database, attempt_id: UUID, score: Fraction) -> None:
    """Another result of the same attempt, as the grading would have stored it."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for table, column in ((ItemResult, "points"), (SkillResult, "score")):
            session.execute(update(table).where(table.attempt_id == attempt_id).values({column: score}))
        session.execute(
            update(Attempt)
            .where(Attempt.id == attempt_id, Attempt.score.is_not(None))
            .values(score=score, has_passed=score >= Fraction(7, 10), standard_error=float(score) / 10)
        )


def sat(session: Session, person: Person, state: str) -> UUID:
    """An attempt of this person in one of the states in which its result is not told."""
    if state in MARKINGS:
        make_marked_test(session, at=AT)
        make_achievement(session, MARKED)
        state_release(session, "by-hand", at=AT, slug=MARKED)
        attempt_id, marker = hand_in(session, person.id, at=AT), make_marker(session)
        for name in MARKINGS[state]:
            mark(session, attempt_id, name, marker.id, at=AT, comment="CANARY-COMMENT")
        return attempt_id
    make_office(session)
    state_release(session, "by-hand", at=AT)
    if state == "open":
        return start_attempt(session, test_slug=BANK, person_id=person.id, at=clock.now(), seed=1)
    attempt_id = sit(session, person_id=person.id, at=AT)
    if state == "voided":
        attempt = session.get_one(Attempt, attempt_id)
        attempt.state, attempt.void_reason = AttemptState.VOIDED, "For a test."
    return attempt_id


@pytest.mark.parametrize("state", ["open", *MARKINGS, "graded", "voided"])
def test_before_the_release_no_channel_depends_on_the_result(app, database, client, holder, state):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        attempt_id = sat(session, holder, state)
    deliver_all(app)
    with time_machine.travel(clock.now(), tick=False):  # a page says how many seconds are left
        sign_in(client, holder)
        set_result(database, attempt_id, Fraction(1, 10))
        failed = dict(looks(app, client, holder, attempt_id))
        set_result(database, attempt_id, CANARY)
        passed = dict(looks(app, client, holder, attempt_id))

    assert failed == passed
    for channel, said in passed.items():
        assert not any(trace in said for trace in TRACES), channel
        assert "CANARY-COMMENT" not in said, channel
    assert passed["certificates"] == "[]"


def test_after_the_release_the_same_channels_tell_it(app, database, client, holder):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        attempt_id = sat(session, holder, "graded")
    set_result(database, attempt_id, CANARY)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert release_attempt(session, attempt_id=attempt_id, base_url=BASE_URL, at=clock.now())
    sign_in(client, holder)
    said = dict(looks(app, client, holder, attempt_id))

    for channel in ("/me/", f"/tests/{BANK}/", "/attempts/{attempt}/result"):
        assert "77" in said[channel], channel
        assert "Passed" in said[channel] or "You passed" in said[channel], channel
    assert "0.773" in said["export"]
    assert "CertificateView" in said["certificates"]
