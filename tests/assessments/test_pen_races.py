"""Windows at once: one of them gets the pen, and what a takeover fences off is refused, never half-saved."""

from datetime import UTC, datetime

import pytest

from assessments.operations.answering import save_response
from assessments.operations.pens import Pen, name_holder, take_pen
from assessments.operations.starting import start_attempt
from assessments.queries.attempts import get_responses
from lms.db.session import Database
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test
from tests.assessments.test_races import THREADS, at_once
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def sitting(database: Database):
    """A person with an open attempt."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        person_id = make_person(session).id
        return person_id, start_attempt(session, test_slug=BANK, person_id=person_id, at=AT)


def take(database: Database, sitting, window, take_over=False) -> Pen:
    person_id, attempt_id = sitting
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return take_pen(
            session,
            attempt_id=attempt_id,
            person_id=person_id,
            holder=name_holder(window),
            take_over=take_over,
            at=AT,
        )


def save(database: Database, sitting, sequence, epoch):
    person_id, attempt_id = sitting
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return save_response(
            session,
            attempt_id=attempt_id,
            person_id=person_id,
            position=1,
            response={"choices": ["abc"[sequence % 3]]},
            sequence=sequence,
            epoch=epoch,
            at=AT,
        )


def test_of_sixteen_windows_that_ask_at_once_one_gets_the_pen(database: Database, sitting):
    pens = at_once([lambda n=n: take(database, sitting, f"window {n}") for n in range(THREADS)])

    assert sum(pen.is_mine for pen in pens) == 1
    assert {pen.epoch for pen in pens} == {2}


def test_of_sixteen_takeovers_each_that_succeeds_has_an_epoch_of_its_own(database: Database, sitting):
    results = at_once([lambda n=n: take(database, sitting, f"window {n}", take_over=True) for n in range(THREADS)])

    taken = [result.epoch for result in results if isinstance(result, Pen)]
    assert len(taken) == len(set(taken)) >= 1
    assert all(isinstance(result, (Pen, Conflict)) for result in results)


def test_saves_that_race_a_takeover_are_stored_before_it_or_refused(database: Database, sitting):
    first = take(database, sitting, "one window").epoch
    jobs = [lambda n=n: save(database, sitting, n, first) for n in range(1, THREADS)]

    *saved, second = at_once([*jobs, lambda: take(database, sitting, "another window", take_over=True)])

    assert second == Pen(first + 1, is_mine=True)
    with pytest.raises(Conflict, match="Another window writes"):
        save(database, sitting, THREADS, first)
    acknowledged = [result for result in saved if isinstance(result, int)]
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        stored = get_responses(session, sitting[1])
    assert (stored[1].sequence if stored else None) == max(acknowledged, default=None)
