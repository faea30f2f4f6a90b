"""Breaks: the clock stops and the questions are hidden; what is not used is given back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assessments.domain.deadlines import Allowance
from assessments.models.attempts import Attempt
from assessments.operations.accommodating import grant_accommodation
from assessments.operations.answering import save_response
from assessments.operations.breaks import begin_break, end_break
from assessments.operations.submitting import hand_in_attempt, hand_in_if_overdue
from assessments.queries.attempts import get_attempt, get_responses
from lms.errors import Conflict, Gone, NotFound
from lms.outbox.models import OutboxMessage
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def resting(session, person, manager, attempt_id):
    """The attempt, ten minutes in, on a break of at most ten minutes."""
    grant_accommodation(
        session, person_id=person.id, allowance=Allowance(break_seconds=600), note="", by=manager.id, at=AT
    )
    begin_break(session, attempt_id=attempt_id, person_id=person.id, at=AT + 10 * MINUTE)
    return attempt_id


def seen(session, attempt_id, person):
    return get_attempt(session, attempt_id=attempt_id, person_id=person.id)


def save(session, attempt_id, person, at):
    return save_response(
        session,
        attempt_id=attempt_id,
        person_id=person.id,
        position=1,
        response={"choices": ["a"]},
        sequence=1,
        at=at,
    )


def test_the_stored_deadline_is_that_of_whoever_never_comes_back(session, person, resting):
    assert seen(session, resting, person).deadline_at == AT + 40 * MINUTE


def test_what_is_not_used_is_given_back_and_kept_for_another_break(session, person, resting):
    end_break(session, attempt_id=resting, person_id=person.id, at=AT + 14 * MINUTE)

    attempt = seen(session, resting, person)
    assert attempt.deadline_at == AT + 34 * MINUTE
    assert attempt.clock.break_left(AT + 14 * MINUTE) == 6 * 60

    begin_break(session, attempt_id=resting, person_id=person.id, at=AT + 20 * MINUTE)
    assert seen(session, resting, person).deadline_at == AT + 40 * MINUTE


def test_an_earlier_deadline_has_a_message_of_its_own(session, person, resting):
    end_break(session, attempt_id=resting, person_id=person.id, at=AT + 14 * MINUTE)
    session.flush()

    due = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.topic == "attempt.deadline")).all()
    assert AT + 34 * MINUTE + timedelta(seconds=5) in due


def test_beginning_or_ending_twice_is_once(session, person, resting):
    begin_break(session, attempt_id=resting, person_id=person.id, at=AT + 11 * MINUTE)
    assert seen(session, resting, person).deadline_at == AT + 40 * MINUTE

    end_break(session, attempt_id=resting, person_id=person.id, at=AT + 12 * MINUTE)
    end_break(session, attempt_id=resting, person_id=person.id, at=AT + 13 * MINUTE)
    assert seen(session, resting, person).deadline_at == AT + 32 * MINUTE


def test_a_break_that_is_used_up_ends_by_itself(session, person, resting):
    later = AT + 20 * MINUTE

    assert not seen(session, resting, person).clock.is_on_break(later)
    assert save(session, resting, person, later) == 1
    with pytest.raises(Conflict, match="no time for breaks"):
        begin_break(session, attempt_id=resting, person_id=person.id, at=later)


def test_no_answer_is_taken_while_the_clock_stands_still(session, person, resting):
    with pytest.raises(Conflict, match="break") as refusal:
        save(session, resting, person, AT + 12 * MINUTE)

    assert refusal.value.facts == {"saved": False, "reason": "on-break"}
    assert get_responses(session, resting) == {}


def test_handing_in_ends_the_break(session, person, resting):
    hand_in_attempt(session, attempt_id=resting, person_id=person.id, at=AT + 14 * MINUTE)

    row = session.get_one(Attempt, resting, populate_existing=True)
    assert (row.break_ends_at, row.break_seconds_left) == (None, 360)
    assert row.submitted_at == AT + 14 * MINUTE
    assert row.deadline_at == AT + 34 * MINUTE


def test_the_server_hands_in_for_whoever_never_came_back(session, person, resting):
    assert hand_in_if_overdue(session, attempt_id=resting, at=AT + 40 * MINUTE) is False
    assert hand_in_if_overdue(session, attempt_id=resting, at=AT + 40 * MINUTE + timedelta(microseconds=1)) is True
    assert seen(session, resting, person).submitted_at == AT + 40 * MINUTE


def test_without_an_allowance_there_is_no_break_and_others_cannot_take_mine(session, person, attempt_id):
    with pytest.raises(Conflict):
        begin_break(session, attempt_id=attempt_id, person_id=person.id, at=AT)
    with pytest.raises(NotFound):
        begin_break(session, attempt_id=attempt_id, person_id=make_person(session).id, at=AT)
    with pytest.raises(Gone):
        begin_break(session, attempt_id=attempt_id, person_id=person.id, at=AT + 31 * MINUTE)


def test_more_break_is_granted_while_one_is_under_way(session, person, manager, resting):
    at = AT + 12 * MINUTE
    grant_accommodation(
        session, person_id=person.id, allowance=Allowance(break_seconds=900), note="", by=manager.id, at=at
    )

    attempt = seen(session, resting, person)
    assert attempt.clock.break_left(at) == 13 * 60
    assert attempt.deadline_at == AT + 45 * MINUTE
