"""Sixteen starts at once: the policy's tries and pause hold, and the clock of the one that won began with its row."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assessments.models.attempts import Attempt, AttemptState
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from lms.db.session import Database
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.assessments.test_races import at_once
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
THREADS = 16
ROUNDS = 3


def make(database: Database, **policy):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT, **policy)
        return [make_person(session).id for _ in range(ROUNDS)]


def start_and_fail(database, person_id, at):
    """As fast as a program could: start, and hand in at once."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        attempt_id = start_attempt(session, test_slug=BANK, person_id=person_id, at=at)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=at)
    return attempt_id


def attempts_of(database, person_id):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalars(select(Attempt).where(Attempt.person_id == person_id)).all()


@pytest.mark.parametrize("tries", [1, 3])
def test_the_tries_of_the_policy_are_all_that_sixteen_get(database: Database, tries):
    for person_id in make(database, tries=tries, cool_down_hours=0):
        for _ in range(2):
            at_once([lambda person_id=person_id: start_and_fail(database, person_id, AT)] * THREADS)

        attempts = attempts_of(database, person_id)
        assert len(attempts) <= tries
        assert {attempt.number for attempt in attempts} == set(range(1, len(attempts) + 1))
        assert all(attempt.state is AttemptState.GRADED for attempt in attempts)


def test_the_pause_after_a_fail_holds_for_sixteen_at_once(database: Database):
    for person_id in make(database, tries=9, cool_down_hours=24):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            sit(session, person_id=person_id, at=AT, right=0)
        almost = AT + timedelta(hours=24) - timedelta(milliseconds=1)

        refused = at_once([lambda person_id=person_id, at=almost: start_and_fail(database, person_id, at)] * THREADS)
        assert all(isinstance(each, Conflict) for each in refused)

        rested = AT + timedelta(hours=24)
        at_once([lambda person_id=person_id, at=rested: start_and_fail(database, person_id, at)] * THREADS)
        assert len(attempts_of(database, person_id)) == 2


def test_a_clock_that_jumps_wins_no_try(database: Database):
    (person_id, *_others) = make(database, tries=2, cool_down_hours=1)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        sit(session, person_id=person_id, at=AT, right=0)

    with pytest.raises(Conflict):
        start_and_fail(database, person_id, AT - timedelta(hours=2))
    start_and_fail(database, person_id, AT + timedelta(hours=2))
    with pytest.raises(Conflict):
        start_and_fail(database, person_id, AT + timedelta(days=1))


def test_the_timer_starts_with_the_row_of_the_attempt(database: Database):
    (person_id, *_others) = make(database)
    instants = [AT + timedelta(milliseconds=n) for n in range(THREADS)]

    def start(at):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return start_attempt(session, test_slug=BANK, person_id=person_id, at=at)

    at_once([lambda at=at: start(at) for at in instants])

    (attempt,) = attempts_of(database, person_id)
    assert attempt.started_at in instants
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=30)
