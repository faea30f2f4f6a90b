"""Accommodations: for every test from now on and for what is open; never shortening, and private."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assessments.domain.deadlines import UNTIMED, Allowance
from assessments.models.accommodations import Accommodation
from assessments.operations.accommodating import end_accommodation, grant_accommodation
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt, hand_in_if_overdue
from assessments.queries.attempts import get_attempt
from lms.accounts.models import Person
from lms.audit.models import AuditEvent
from lms.errors import Invalid, NotAllowed, NotFound
from lms.outbox.models import OutboxMessage
from tests.assessments.factories import BANK

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=30)
HALF_MORE = Allowance(percent=150)


def grant(session, person, manager, allowance=HALF_MORE, *, note="CANARY-NOTE", at=AT):
    return grant_accommodation(session, person_id=person.id, allowance=allowance, note=note, by=manager.id, at=at)


def seen(session, attempt_id, person):
    return get_attempt(session, attempt_id=attempt_id, person_id=person.id)


def test_an_attempt_starts_with_the_time_that_its_person_is_granted(session, person, manager):
    grant(session, person, manager, Allowance(percent=150, break_seconds=600))

    attempt = seen(session, start_attempt(session, test_slug=BANK, person_id=person.id, at=AT), person)

    assert attempt.deadline_at == AT + timedelta(minutes=45)
    assert attempt.clock.break_left(AT) == 600


def test_a_grant_extends_the_open_attempt_and_ending_it_shortens_nothing(session, person, manager, attempt_id):
    grant(session, person, manager, at=AT + timedelta(minutes=5))
    assert seen(session, attempt_id, person).deadline_at == AT + timedelta(minutes=45)

    end_accommodation(session, person_id=person.id, by=manager.id, at=AT + timedelta(minutes=6))
    assert seen(session, attempt_id, person).deadline_at == AT + timedelta(minutes=45)

    grant(session, person, manager, Allowance(percent=110), at=AT + timedelta(minutes=7))
    assert seen(session, attempt_id, person).deadline_at == AT + timedelta(minutes=45)


def test_a_grant_comes_too_late_for_an_attempt_that_is_over(session, person, manager, attempt_id):
    grant(session, person, manager, at=AT + LIMIT + timedelta(microseconds=1))

    assert seen(session, attempt_id, person).deadline_at == AT + LIMIT


def test_without_a_limit_the_attempt_is_closed_after_ninety_days(session, person, manager, attempt_id):
    grant(session, person, manager, Allowance(is_untimed=True))

    attempt = seen(session, attempt_id, person)
    assert attempt.clock.is_untimed
    assert attempt.deadline_at == AT + UNTIMED
    assert hand_in_if_overdue(session, attempt_id=attempt_id, at=AT + UNTIMED) is False
    assert hand_in_if_overdue(session, attempt_id=attempt_id, at=AT + UNTIMED + timedelta(seconds=1)) is True


def test_the_next_grant_takes_the_place_of_the_one_before(session, person, manager):
    grant(session, person, manager)
    newest = grant(session, person, manager, Allowance(break_seconds=300), at=AT + timedelta(days=1))

    in_force = session.scalars(select(Accommodation.id).where(Accommodation.ended_at.is_(None))).all()
    assert in_force == [newest]
    assert session.scalar(select(func.count()).select_from(Accommodation)) == 2


def test_the_database_itself_refuses_two_in_force(session, person, manager):
    grant(session, person, manager)
    session.add(
        Accommodation(
            organisation_id=session.scalars(select(Accommodation.organisation_id)).one(),
            person_id=person.id,
            time_percent=200,
            break_minutes=0,
            is_unlimited=False,
            note="",
            granted_by=manager.id,
            granted_at=AT,
        )
    )

    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize(
    ("allowance", "message"),
    [
        (Allowance(percent=99), "99 % of the limit; expected 100 to 1000"),
        (Allowance(percent=1001), "expected 100 to 1000"),
        (Allowance(break_seconds=601 * 60), "expected 0 to 600"),
        (Allowance(), "grants nothing"),
    ],
)
def test_what_cannot_be_granted_is_refused_by_name(session, person, manager, allowance, message):
    with pytest.raises(Invalid, match=message):
        grant(session, person, manager, allowance)
    assert session.scalar(select(func.count()).select_from(Accommodation)) == 0


def test_nobody_decides_about_their_own_and_nobody_about_strangers(session, person, manager):
    with pytest.raises(NotAllowed):
        grant(session, manager, manager)
    with pytest.raises(NotAllowed):
        end_accommodation(session, person_id=manager.id, by=manager.id, at=AT)
    with pytest.raises(NotFound):
        grant(session, Person(id=uuid4()), manager)
    with pytest.raises(NotFound):
        end_accommodation(session, person_id=person.id, by=manager.id, at=AT)


def test_the_audit_says_that_it_was_granted_and_not_what_or_why(session, person, manager):
    grant(session, person, manager, Allowance(percent=173))
    end_accommodation(session, person_id=person.id, by=manager.id, at=AT)
    session.flush()

    events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == person.id)).all()
    assert {event.action for event in events} == {"accommodation.granted", "accommodation.ended"}
    assert all(event.details == {} and event.actor == str(manager.id) for event in events)


def test_a_longer_deadline_is_waited_for_without_another_message(session, person, manager, attempt_id):
    grant(session, person, manager)
    session.flush()

    messages = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.topic == "attempt.deadline")).all()
    assert messages == [AT + LIMIT + timedelta(seconds=5)]
    assert hand_in_if_overdue(session, attempt_id=attempt_id, at=messages[0]) is False


@pytest.mark.parametrize(("late", "is_in_time"), [(-1, True), (0, True), (1, False)])
def test_a_millisecond_decides_at_the_extended_deadline(session, person, manager, attempt_id, late, is_in_time):
    grant(session, person, manager)
    at = AT + timedelta(minutes=45, milliseconds=late)

    hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=at)

    attempt = seen(session, attempt_id, person)
    assert attempt.was_submitted_by_deadline is not is_in_time
    assert attempt.submitted_at == min(at, AT + timedelta(minutes=45))
