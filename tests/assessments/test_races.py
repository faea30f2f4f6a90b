"""Sixteen at once: one open attempt, one submit, no answer after it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assessments.events import AttemptReleased
from assessments.models.attempts import Attempt, Response
from assessments.models.results import ItemResult, PracticeTry
from assessments.operations.answering import save_response
from assessments.operations.practising import try_practice_item
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from lms.db.session import Database
from lms.errors import Gone, Refusal
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
THREADS = 16
ROUNDS = 3


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run the jobs in threads that all begin at the same moment; a refusal is a result."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return job()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.fixture
def people(database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        return [make_person(session).id for _ in range(ROUNDS)]


def start(database, person_id):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return start_attempt(session, test_slug=BANK, person_id=person_id, at=AT)


def count(database, what, **equal):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalar(select(func.count()).select_from(what).filter_by(**equal))


def test_sixteen_starts_open_one_attempt(database: Database, people):
    for person_id in people:
        results = at_once([lambda person_id=person_id: start(database, person_id)] * THREADS)

        assert len(set(results)) == 1
        assert count(database, Attempt, person_id=person_id) == 1


def test_sixteen_submits_are_one_submit_with_one_result(database: Database, app, people):
    graded = []
    subscriptions = app.extensions["assay.subscriptions"]
    subscriptions.subscribe(AttemptReleased, lambda session, fact: graded.append(fact.attempt_id))
    for person_id in people:
        attempt_id = start(database, person_id)

        def submit(attempt_id=attempt_id, person_id=person_id):
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                return hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=AT)

        results = at_once([submit] * THREADS)

        assert sorted(map(bool, results)) == [False] * (THREADS - 1) + [True]
        assert graded.count(attempt_id) == 1
        assert count(database, ItemResult, attempt_id=attempt_id) == 8


def test_an_answer_that_races_a_submit_is_scored_or_refused_never_lost(database: Database, people):
    for person_id in people:
        attempt_id = start(database, person_id)

        def answer(position, attempt_id=attempt_id, person_id=person_id):
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                return save_response(
                    session,
                    attempt_id=attempt_id,
                    person_id=person_id,
                    position=position,
                    response={"choices": ["b"]},
                    sequence=1,
                    at=AT,
                )

        def submit(attempt_id=attempt_id, person_id=person_id):
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                return hand_in_attempt(session, attempt_id=attempt_id, person_id=person_id, at=AT)

        first, second, _ = at_once([lambda: answer(1), lambda: answer(2), submit])  # run at once

        for position, saved in ((1, first), (2, second)):
            was_kept = saved == 1
            assert was_kept or isinstance(saved, Gone)
            assert count(database, Response, attempt_id=attempt_id, position=position) == was_kept
            with database.reading(PUBLIC_ORGANISATION_ID) as session:
                points = session.get_one(ItemResult, (attempt_id, position)).points
            assert points == was_kept


def test_sixteen_saves_in_any_order_end_with_the_highest_sequence(database: Database, people):
    attempt_id = start(database, people[0])

    def answer(sequence):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return save_response(
                session,
                attempt_id=attempt_id,
                person_id=people[0],
                position=1,
                response={"choices": ["abc"[sequence % 3]]},
                sequence=sequence,
                at=AT,
            )

    at_once([lambda n=n: answer(n) for n in range(1, THREADS + 1)])

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        stored = session.get_one(Response, (attempt_id, 1))
    assert (stored.sequence, stored.response) == (16, {"choices": ["b"]})


def test_a_try_that_is_sent_sixteen_times_counts_once(database: Database, people):
    key = people[0]

    def attempt():
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            try_practice_item(
                session,
                identifier="practice-choice",
                person_id=people[0],
                response={"choices": ["b"]},
                try_key=key,
                at=AT,
            )

    at_once([attempt] * THREADS)

    assert count(database, PracticeTry, person_id=people[0]) == 1


def test_the_database_itself_refuses_a_second_open_attempt(database: Database, people):
    attempt_id = start(database, people[0])

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        first = session.get_one(Attempt, attempt_id)
        copied = {column.key: getattr(first, column.key) for column in Attempt.__table__.columns}
        session.add(Attempt(**{**copied, "id": uuid4(), "number": 2}))
        with pytest.raises(IntegrityError, match=r"(?i)unique"):
            session.flush()
