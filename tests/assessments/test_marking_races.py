"""Sixteen markers at once: every mark is kept, and the attempt is graded exactly once."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from assessments.events import AttemptReleased
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.marks import Mark
from assessments.models.results import ItemResult
from lms.db.session import Database
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.marked_tests import BEST, WORST, hand_in, make_marked_test, make_marker, mark
from tests.assessments.test_races import ROUNDS, THREADS, at_once, count
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)


@pytest.fixture
def attempts(database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_marked_test(session, at=AT)
        return [hand_in(session, make_person(session).id, at=AT) for _ in range(ROUNDS)]


@pytest.fixture
def markers(database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return [make_marker(session).id for _ in range(THREADS)]


@pytest.fixture
def graded(app):
    facts: list[AttemptReleased] = []
    app.extensions["assay.subscriptions"].subscribe(AttemptReleased, lambda session, fact: facts.append(fact))
    return facts


def marking(database, attempt_id, name, marker_id, levels=BEST):
    """A job: one marker marks one response in a transaction of their own."""

    def job():
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return mark(session, attempt_id, name, marker_id, at=LATER, levels=levels)

    return job


def test_two_last_marks_at_once_grade_once(database: Database, attempts, markers, graded):
    for attempt_id in attempts:
        jobs = [marking(database, attempt_id, name, markers[n]) for n, name in enumerate(("essay", "rewrite"))]

        results = at_once(jobs)

        assert sorted(results) == [False, True]
        assert [fact.attempt_id for fact in graded].count(attempt_id) == 1
        assert count(database, ItemResult, attempt_id=attempt_id) == 3


def test_sixteen_markers_of_two_responses_grade_once_and_whoever_comes_too_late_is_told(
    database: Database, attempts, markers, graded
):
    for attempt_id in attempts:
        jobs = [
            marking(database, attempt_id, ("essay", "rewrite")[n % 2], marker, BEST if n % 4 < 2 else WORST)
            for n, marker in enumerate(markers)
        ]

        results = at_once(jobs)

        kept = [result for result in results if isinstance(result, bool)]
        assert kept.count(True) == 1
        assert all(isinstance(result, Conflict) for result in results if not isinstance(result, bool))
        assert count(database, Mark, attempt_id=attempt_id) == len(kept)
        facts = [fact for fact in graded if fact.attempt_id == attempt_id]
        assert len(facts) == 1
        with database.reading(PUBLIC_ORGANISATION_ID) as session:
            attempt = session.get_one(Attempt, attempt_id)
        assert attempt.state is AttemptState.GRADED
        assert Fraction(0) <= facts[0].score - attempt.score < Fraction(1, 10**8)


def test_a_mark_that_is_sent_sixteen_times_counts_once(database: Database, attempts, markers):
    results = at_once([marking(database, attempts[0], "essay", markers[0])] * THREADS)

    assert [result for result in results if not isinstance(result, Conflict)] == [False]
    assert count(database, Mark, attempt_id=attempts[0]) == 1
