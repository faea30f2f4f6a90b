"""The command line: migrate, people, catalogue, sheet, demonstration, through the real entry point."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from assessments.models.attempts import Attempt
from courses.models.courses import Course
from courses.models.progress import LessonProgress
from lms import clock
from lms.accounts.models import Membership, Person
from lms.audit.models import AuditEvent
from lms.errors import Conflict, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.assessments.factories import make_bank, make_test, sit
from tests.organisations import made_up_slug
from tests.people import make_person
from wsgi import cli


@pytest.fixture
def assay(app, monkeypatch):
    """Run a command on the application under test."""
    monkeypatch.setattr("wsgi.create_app", lambda: app)

    def run(*arguments: str, fails: bool = False):
        result = CliRunner().invoke(cli, arguments, catch_exceptions=fails)
        assert (result.exit_code != 0) == fails, result.output
        return result

    return run


def test_migrating_twice_is_harmless(assay):
    assert "newest schema" in assay("migrate").output
    assert "newest schema" in assay("migrate").output


def test_the_first_operator_is_created_once_and_the_password_shown(assay, database, client):
    arguments = ["person", "create", "--if-none", "--role", "operator", "--name", "First", "--email", "op@example.org"]

    first = assay(*arguments).output
    second = assay(*arguments).output

    password = first.strip().rpartition(" ")[2]
    assert "/sign-in" in first
    assert "sets a new password" in second
    assert client.post("/sign-in", data={"email": "op@example.org", "password": password}).status_code == 303
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert set(session.scalars(select(Membership.role))) == {Role.CANDIDATE, Role.OPERATOR}


def test_an_address_is_taken_once(assay):
    arguments = ["person", "create", "--name", "Ada", "--email", "ada@example.org", "--password", "a long sentence"]
    assay(*arguments)

    assert isinstance(assay(*arguments, fails=True).exception, Conflict)


def test_a_new_password_can_be_set_from_the_command_line(assay, client):
    assay("person", "create", "--name", "Ada", "--email", "ada@example.org", "--password", "a long sentence")

    password = assay("person", "password", "ada@example.org").output.strip().rpartition(" ")[2]

    assert client.post("/sign-in", data={"email": "ada@example.org", "password": password}).status_code == 303
    assert isinstance(assay("person", "password", "eve@example.org", fails=True).exception, NotFound)


def test_an_account_is_suspended_and_reinstated_from_the_command_line(assay, client):
    assay("person", "create", "--name", "Ada", "--email", "ada@example.org", "--password", "a long sentence")
    credentials = {"email": "ada@example.org", "password": "a long sentence"}

    assay("person", "suspend", "ada@example.org", "--reason", "rented out")
    assert client.post("/sign-in", data=credentials).status_code == 422

    assay("person", "reinstate", "ada@example.org")
    assert client.post("/sign-in", data=credentials).status_code == 303


def test_an_organisation_is_made_listed_and_given_people_and_a_catalogue(assay, database, client):
    assay("person", "create", "--name", "Mia", "--email", "mia@example.org", "--password", "a long sentence")
    slug = made_up_slug()
    said = assay("organisation", "create", "--name", "North", "--slug", slug, "--manager", "mia@example.org").output
    assert slug in said
    marker = ["--role", "marker", "--name", "Max", "--email", "max@example.org", "--password", "a long sentence"]
    assay("person", "create", "--organisation", slug, *marker)
    assay("catalogue", "load", "courses/catalogue", "--organisation", slug)

    (line,) = [line for line in assay("organisation", "list").output.splitlines() if slug in line]
    assert "2 members" in line
    with database.reading() as session:
        own = session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one()
        max_id = session.scalars(select(Person.id).where(Person.email == "max@example.org")).one()
        where = session.execute(
            select(Membership.organisation_id, Membership.role).where(Membership.person_id == max_id)
        )
        assert set(where) == {(own, Role.MARKER), (PUBLIC_ORGANISATION_ID, Role.CANDIDATE)}
    with database.reading(own) as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 1
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 0


def test_an_organisation_that_is_not_there_is_named(assay):
    for command in (
        ["catalogue", "load", "courses/catalogue"],
        ["person", "create", "--name", "A", "--email", "a@example.org"],
    ):
        failed = assay(*command, "--organisation", "nowhere", fails=True).exception
        assert isinstance(failed, NotFound)
        assert "nowhere" in str(failed)


def test_the_shipped_catalogue_is_sound_and_loads(assay):
    report = assay("catalogue", "check", "courses/catalogue").output
    first = assay("catalogue", "load", "courses/catalogue").output
    second = assay("catalogue", "load", "courses/catalogue").output

    assert report.strip().endswith("0 faults found")
    assert "test new version" in first
    assert "0 new versions, 0 new keys" in second


def test_a_faulty_catalogue_is_refused_whole(assay, database, tmp_path):
    (tmp_path / "course.yaml").write_text("title: [broken")

    result = assay("catalogue", "load", str(tmp_path), fails=True)

    assert "course.yaml:1" in result.output
    assert "nothing was loaded" in result.output


def test_the_sheet_prints_full_score_answers_and_is_audited(assay, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())
        attempt_id = sit(session, person_id=make_person(session).id, at=clock.now())

    lines = [json.loads(line) for line in assay("attempt", "sheet", str(attempt_id)).output.splitlines()]

    assert [line["position"] for line in lines] == list(range(1, 9))
    assert lines[0] | {"item": ""} == {
        "position": 1,
        "item": "",
        "type": "choice",
        "response": {"choices": ["b"]},
    }
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt.sheet_read")).all()
        assert "assay attempt sheet" in {look.actor for look in looks}
    assert isinstance(assay("attempt", "sheet", "0" * 32, fails=True).exception, NotFound)


def test_the_demonstration_makes_people_who_differ_and_is_repeatable(assay, database):
    assay("catalogue", "load", "courses/catalogue")

    first = assay("demo", "--people", "25", "--seed", "7").output
    again = assay("demo", "--people", "25", "--seed", "7").output

    assert "25 simulated people added" in first
    assert "0 simulated people added, 25 were there already" in again
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 25
        assert session.scalar(select(func.count()).select_from(LessonProgress)) > 25
        verdicts = set(session.scalars(select(Attempt.has_passed)))
        assert verdicts == {True, False}
