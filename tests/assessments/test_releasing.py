"""Releasing: at once, on a date or by hand; each result once, and with it the certificate."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assessments.domain.release import ReleasePolicy, ReleaseWay, release_policy
from assessments.events import AttemptReleased
from assessments.models.attempts import Attempt
from assessments.operations.releasing import release_attempt, release_test
from assessments.queries.attempts import get_attempt, list_skill_results
from assessments.queries.releases import ReleaseCounts, count_releases
from assessments.queries.results import list_question_results
from assessments.queries.tests import get_test
from lms.db.session import Database
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.assessments.marked_tests import BANK as MARKED
from tests.assessments.marked_tests import hand_in, make_marked_test
from tests.assessments.released_later import make_test_released
from tests.certificates.factories import AT, BASE_URL, deliver_all
from tests.mails import waiting_mails
from tests.people import make_person

LATER = AT + timedelta(hours=2)
DAY = {"on": (AT + timedelta(hours=1)).isoformat()}


@pytest.fixture
def told(app: Flask) -> list[AttemptReleased]:
    facts: list[AttemptReleased] = []
    heard = app.extensions["assay.subscriptions"].heard_by(AttemptReleased)
    heard.append(listener := lambda session, fact: facts.append(fact))
    yield facts
    heard.remove(listener)


def candidate(session) -> UUID:
    return make_person(session).id


def released_at(session, attempt_id: UUID) -> datetime | None:
    return session.scalars(select(Attempt.released_at).where(Attempt.id == attempt_id)).one()


def test_a_policy_is_read_as_the_document_states_it():
    day = datetime(2026, 12, 1, 9, tzinfo=UTC)

    assert release_policy(None) == release_policy("at-once") == ReleasePolicy(ReleaseWay.AT_ONCE)
    assert release_policy("by-hand") == ReleasePolicy(ReleaseWay.BY_HAND)
    assert release_policy({"on": "2026-12-01T10:00:00+01:00"}) == ReleasePolicy(ReleaseWay.ON_DATE, day)
    for nonsense in ("never", {"on": "soon"}):
        with pytest.raises(ValueError, match=r"never|soon"):
            release_policy(nonsense)


def test_a_date_is_due_at_the_instant_itself():
    day = datetime(2026, 12, 1, 9, tzinfo=UTC)
    policy = ReleasePolicy(ReleaseWay.ON_DATE, day)

    assert policy.is_due(day)
    assert not policy.is_due(day - timedelta(milliseconds=1))


def test_without_a_policy_a_result_is_released_as_it_is_graded(session, told):
    make_bank(session, at=AT)
    make_test(session, at=AT)

    attempt_id = sit(session, person_id=candidate(session), at=AT)

    assert released_at(session, attempt_id) == AT
    assert [fact.attempt_id for fact in told] == [attempt_id]


def test_before_the_release_no_query_has_anything_of_the_result_and_nobody_hears_of_it(session, told):
    make_test_released(session, at=AT, release="by-hand")
    person_id = candidate(session)

    attempt_id = sit(session, person_id=person_id, at=AT)

    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person_id)
    assert (attempt.score, attempt.has_passed, attempt.standard_error) == (None, None, None)
    assert list_skill_results(session, attempt_id) == []
    assert list_question_results(session, attempt_id) == []
    assert told == []


def test_a_dated_result_is_released_by_the_worker_on_its_date_and_not_before(app, database: Database, told):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test_released(session, at=AT, release=DAY)
        attempt_id = sit(session, person_id=candidate(session), at=AT)
        due = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.topic == "attempt.release")).one()

    assert due == AT + timedelta(hours=1)  # which is past by the clock of the worker
    deliver_all(app)

    assert [fact.attempt_id for fact in told] == [attempt_id]
    [mail] = [mail for mail in waiting_mails(database).values() if "Your result is out" in mail] or [""]
    assert "100" not in mail


def test_what_is_graded_after_the_date_is_released_at_once(session, told):
    make_test_released(session, at=AT, release=DAY)

    attempt_id = sit(session, person_id=candidate(session), at=LATER)

    assert released_at(session, attempt_id) == LATER
    assert len(told) == 1


def test_a_manager_releases_all_that_is_graded_and_it_is_told_once(app, database: Database, told):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test_released(session, at=AT, release="by-hand")
        manager, test = candidate(session), get_test(session, BANK)
        attempts = {sit(session, person_id=candidate(session), at=AT) for _ in range(3)}
        assert count_releases(session, test.id) == ReleaseCounts(being_marked=0, unreleased=3)
        assert release_test(session, test_slug=BANK, person_id=manager, at=LATER) == 3
        assert release_test(session, test_slug=BANK, person_id=manager, at=LATER) == 3  # pressed twice
    deliver_all(app)

    assert {fact.attempt_id for fact in told} == attempts
    assert len(told) == 3
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert count_releases(session, test.id) == ReleaseCounts()


def test_nothing_is_released_by_hand_while_somebody_waits_for_marks(session):
    make_marked_test(session, at=AT)
    hand_in(session, candidate(session), at=AT)

    with pytest.raises(Conflict, match="1 handed-in attempts still wait for marks"):
        release_test(session, test_slug=MARKED, person_id=candidate(session), at=LATER)


def test_sixteen_releases_at_once_tell_once(app, database: Database, told):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test_released(session, at=AT, release="by-hand")
        attempt_id = sit(session, person_id=candidate(session), at=AT)
    barrier = Barrier(16)

    def release(_number: int) -> bool:
        barrier.wait()
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return release_attempt(session, attempt_id=attempt_id, base_url=BASE_URL, at=LATER)

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(release, range(16)))

    assert sum(done) == 1
    assert len(told) == 1


def test_the_database_refuses_a_release_before_the_grading(database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test_released(session, at=AT, release="by-hand")
        attempt_id = sit(session, person_id=candidate(session), at=AT)
    with pytest.raises(IntegrityError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.get_one(Attempt, attempt_id).released_at = AT - timedelta(seconds=1)
