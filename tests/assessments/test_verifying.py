"""Verifying: whatever of a stored result is not what it was computed from is named."""

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import update

from assessments.cli.attempts import attempt
from assessments.models.attempts import Attempt, Response
from assessments.models.results import ItemResult, SkillResult
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.assessments.marked_tests import BEST, WORST, hand_in, make_marked_test, make_marker, mark
from tests.assessments.wrong_keys import RIGHT, current_key, make_faulty_test, regrade, sit_faulty, state_key
from tests.certificates.factories import AT
from tests.people import make_person


def verify(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(attempt, ["verify", *words], obj=app)


@pytest.fixture
def sat(database: Database) -> list[UUID]:
    """Attempts with seven, three and no right answers."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT, pilot_items=0)
        return [
            sit(session, person_id=make_person(session).id, at=AT + timedelta(days=day), right=right)
            for day, right in enumerate((7, 3, 0))
        ]


def tamper(database: Database, table: type, attempt_id: UUID, **values: object) -> None:
    column = table.id if table is Attempt else table.attempt_id
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(table).where(column == attempt_id).values(**values))


def test_what_was_graded_verifies(app, database, sat):
    done = verify(app)

    assert (done.exit_code, done.stdout) == (0, "3 attempts verified, 0 differences in 0 of them.\n")


@pytest.mark.parametrize(
    ("table", "values", "named"),
    [
        (Attempt, {"score": Fraction(1, 2)}, "total: stored 0.50000000, computed 0.87500000"),
        (Attempt, {"has_passed": False}, "verdict: stored False, computed True"),
        (Attempt, {"standard_error": 0.5}, "standard error: stored 0.5, computed 0.125"),
        (ItemResult, {"points": Fraction(1, 4)}, "points at position 1: stored 0.25000000, computed 1.00000000"),
        (SkillResult, {"score": Fraction(1, 4)}, "skill splitting: stored 0.25000000, computed 1.00000000"),
        (SkillResult, {"item_count": 9}, "questions of skill verdict: stored 9, computed 2"),
        (SkillResult, {"standard_error": 0.25}, "standard error of skill splitting: stored 0.25, computed 0.0"),
        (Response, {"response": {}}, "total: stored 0.87500000, computed 0.00000000"),
    ],
)
def test_a_changed_row_is_named_with_what_it_should_be(app, database, sat, table, values, named):
    tamper(database, table, sat[0], **values)

    done = verify(app)

    assert done.exit_code == 1
    assert f"{sat[0]} {named}" in done.stdout
    assert " of them" in done.stdout
    assert str(sat[1]) not in done.stdout


def test_a_range_is_verified_by_test_date_or_attempt(app, database, sat):
    tamper(database, Attempt, sat[1], has_passed=True)
    day = (AT + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")

    assert verify(app, "--attempt", str(sat[0])).stdout.startswith("1 attempts verified, 0")
    assert verify(app, "--attempt", str(sat[1])).exit_code == 1
    assert verify(app, "--test", BANK, "--from", day).stdout.endswith(
        "2 attempts verified, 1 differences in 1 of them.\n"
    )
    assert verify(app, "--to", day).exit_code == 0
    assert "There is no test" in verify(app, "--test", "nothing").output
    assert "There is no graded attempt" in verify(app, "--attempt", "0" * 32).output


def test_it_goes_through_in_batches(app, database, sat, monkeypatch):
    monkeypatch.setattr("assessments.operations.verifying.BATCH", 1)
    tamper(database, Attempt, sat[2], has_passed=True)

    done = verify(app)

    assert done.stdout.endswith("3 attempts verified, 1 differences in 1 of them.\n")


def test_marks_and_regrades_are_part_of_what_is_computed(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_faulty_test(session, at=AT)
        first, second = make_person(session).id, make_person(session).id
        old = current_key(session)
        sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=5)
        regrade(session, old, state_key(session, RIGHT, at=AT), first, second, at=AT)
        dropped = sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=6)
        regrade(session, current_key(session), None, first, second, at=AT)
        assert session.get_one(Attempt, dropped, populate_existing=True).score == Fraction(85714285, 10**8)  # 6 of 7
    assert verify(app).exit_code == 0


def test_several_marks_verify(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_marked_test(session, at=AT)
        attempt_id, markers = hand_in(session, make_person(session).id, at=AT), [make_marker(session) for _ in range(2)]
        for marker, levels in zip(markers, (BEST, WORST), strict=True):
            mark(session, attempt_id, "essay", marker.id, at=AT, levels=levels)
        mark(session, attempt_id, "rewrite", markers[0].id, at=AT)

    assert verify(app).stdout == "1 attempts verified, 0 differences in 0 of them.\n"
