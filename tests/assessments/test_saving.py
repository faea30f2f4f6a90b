"""Saving: what is acknowledged stays, in whatever order, how often and under whose pen it arrives."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.models.attempts import LateResponse
from assessments.operations.answering import TAKEN_OVER, save_response
from assessments.operations.late_answers import ACCEPTED_FOR, keep_late_response
from assessments.operations.pens import name_holder, take_pen
from assessments.operations.personal_data import erase_assessments, export_assessments
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt, hand_in_if_overdue
from assessments.queries.attempts import get_responses
from assessments.queries.late_answers import list_late_attempts, list_late_positions
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Gone, Invalid, NotFound
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DEADLINE = AT + timedelta(minutes=30)
ONE, OTHER = name_holder("one window"), name_holder("another window")
A, B, C = ({"choices": [letter]} for letter in "abc")


@pytest.fixture
def person(session: Session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    return make_person(session)


@pytest.fixture
def attempt_id(session: Session, person) -> UUID:
    return start_attempt(session, test_slug=BANK, person_id=person.id, at=AT)


@pytest.fixture
def save(session: Session, person, attempt_id) -> Callable[..., int]:
    def save(response=A, sequence=1, *, position=1, key=None, epoch=None, at=AT) -> int:
        return save_response(
            session,
            attempt_id=attempt_id,
            person_id=person.id,
            position=position,
            response=response,
            sequence=sequence,
            key=key,
            epoch=epoch,
            at=at,
        )

    return save


@pytest.fixture
def keep_late(session: Session, person, attempt_id) -> Callable[..., bool]:
    def keep(response=A, sequence=1, *, made_at=DEADLINE, at=DEADLINE + timedelta(minutes=5), position=1) -> bool:
        return keep_late_response(
            session,
            attempt_id=attempt_id,
            person_id=person.id,
            position=position,
            response=response,
            sequence=sequence,
            made_at=made_at,
            at=at,
        )

    return keep


def take(session, attempt_id, person, holder=ONE, *, take_over=False, at=AT):
    return take_pen(session, attempt_id=attempt_id, person_id=person.id, holder=holder, take_over=take_over, at=at)


def stored(session, attempt_id):
    session.expire_all()
    found = get_responses(session, attempt_id).get(1)
    return None if found is None else (found.sequence, found.response)


# One save in the history of a window: its key, its sequence and what it says; sent any number of times, or never.
histories = st.lists(st.sampled_from("abc"), min_size=1, max_size=6).flatmap(
    lambda letters: st.tuples(
        st.just([(uuid4(), n, {"choices": [letter]}) for n, letter in enumerate(letters, start=1)]),
        st.lists(st.integers(0, len(letters) - 1), max_size=14),
    )
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_saves_in_any_order_lost_or_repeated_end_in_the_highest_that_was_acknowledged(session, person, history):
    made, arrivals = history
    candidate = make_person(session)
    attempt_id = start_attempt(session, test_slug=BANK, person_id=candidate.id, at=AT)
    acknowledged = []
    for index in arrivals:
        key, sequence, response = made[index]
        with suppress(Conflict):  # something later is stored
            save_response(
                session,
                attempt_id=attempt_id,
                person_id=candidate.id,
                position=1,
                response=response,
                sequence=sequence,
                key=key,
                at=AT,
            )
            acknowledged.append((sequence, response))

    assert stored(session, attempt_id) == max(acknowledged, key=lambda each: each[0], default=None)
    assert bool(acknowledged) == bool(arrivals)


def test_the_same_key_with_the_same_answer_is_acknowledged_again_and_changes_nothing(session, attempt_id, save):
    key = uuid4()
    save(A, 3, key=key)

    assert save(A, 3, key=key) == 3
    assert stored(session, attempt_id) == (3, A)


@pytest.mark.parametrize(("response", "sequence"), [(B, 3), (A, 4), (B, 2)])
def test_the_same_key_with_another_answer_is_refused_and_changes_nothing(session, attempt_id, save, response, sequence):
    key = uuid4()
    save(A, 3, key=key)

    with pytest.raises(Invalid, match="Idempotency-Key belongs to another answer"):
        save(response, sequence, key=key)
    assert stored(session, attempt_id) == (3, A)


def test_a_save_whose_answer_was_lost_on_the_way_is_acknowledged_even_after_the_attempt_was_closed(
    session, person, attempt_id, save
):
    key = uuid4()
    save(A, 1, key=key)
    hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=AT)

    assert save(A, 1, key=key) == 1
    with pytest.raises(Gone):
        save(A, 1, key=uuid4())


def test_the_first_window_that_asks_gets_the_pen_and_the_second_is_told_who_writes(session, person, attempt_id):
    first = take(session, attempt_id, person)
    again = take(session, attempt_id, person)
    second = take(session, attempt_id, person, OTHER)

    assert (first.is_mine, again, second.is_mine) == (True, first, False)
    assert second.epoch == first.epoch


def test_taking_over_is_a_deed_that_fences_the_other_window_off_and_is_audited(session, person, attempt_id, save):
    first = take(session, attempt_id, person)
    save(A, 1, epoch=first.epoch)
    second = take(session, attempt_id, person, OTHER, take_over=True)

    with pytest.raises(Conflict, match="Another window writes") as refusal:
        save(B, 2, epoch=first.epoch)
    assert save(C, 2, epoch=second.epoch) == 2

    assert refusal.value.facts == {"saved": False, "reason": TAKEN_OVER, "sequence": 1, "response": A}
    assert stored(session, attempt_id) == (2, C)
    deeds = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt.pen-taken-over")).all()
    assert [(deed.subject_id, deed.actor) for deed in deeds] == [(attempt_id, str(person.id))]
    assert str(OTHER) not in str(deeds[0].details)


def test_a_window_that_takes_the_pen_back_writes_under_a_third_epoch(session, person, attempt_id, save):
    epochs = [take(session, attempt_id, person, holder, take_over=True).epoch for holder in (ONE, OTHER, ONE)]

    assert epochs == sorted(set(epochs))
    with pytest.raises(Conflict):
        save(A, 1, epoch=epochs[0])
    assert save(A, 1, epoch=epochs[2]) == 1


def test_a_program_that_states_no_epoch_is_not_fenced(session, person, attempt_id, save):
    take(session, attempt_id, person)

    assert save(A, 1) == 1


def test_the_pen_is_for_its_candidate_and_for_open_attempts_only(session, person, attempt_id):
    with pytest.raises(NotFound):
        take(session, attempt_id, make_person(session))
    with pytest.raises(Gone):
        take(session, attempt_id, person, at=DEADLINE + timedelta(microseconds=1))
    hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=AT)
    with pytest.raises(Gone):
        take(session, attempt_id, person)


def test_an_answer_given_in_time_that_arrives_late_is_kept_and_not_scored(session, person, attempt_id, save, keep_late):
    save(A, 1)
    with pytest.raises(Gone):
        save(B, 2, at=DEADLINE + timedelta(minutes=5))
    hand_in_if_overdue(session, attempt_id=attempt_id, at=DEADLINE + timedelta(seconds=6))

    assert keep_late(B, 2)

    assert stored(session, attempt_id) == (1, A)
    (listed,) = list_late_attempts(session)
    assert (listed.id, listed.made_from, listed.person_email) == (attempt_id, DEADLINE, person.email)
    assert [(answer.position, answer.is_saved_in_time) for answer in listed.answers] == [(1, True)]
    assert [late.response for late in list_late_positions(session, attempt_id)] == [B]
    (exported,) = export_assessments(session, person.id)["late_answers"]
    assert (exported["position"], exported["response"]) == (1, B)
    erase_assessments(session, person_id=person.id, at=AT)
    assert list_late_attempts(session) == []


def test_of_late_answers_the_highest_sequence_is_kept_whatever_arrives_first(session, keep_late):
    assert keep_late(B, 3)
    assert keep_late(B, 3)
    assert not keep_late(A, 2)
    assert keep_late(C, 4)

    kept = session.scalars(select(LateResponse).execution_options(populate_existing=True)).all()
    assert [(one.sequence, one.response) for one in kept] == [(4, C)]


@pytest.mark.parametrize(
    ("made", "arrived", "is_kept"),
    [
        (timedelta(0), timedelta(milliseconds=1), True),
        (timedelta(milliseconds=1), timedelta(minutes=1), False),
        (-timedelta(minutes=1), ACCEPTED_FOR, True),
        (-timedelta(minutes=1), ACCEPTED_FOR + timedelta(milliseconds=1), False),
        (-timedelta(days=300), timedelta(minutes=1), True),
    ],
    ids=["at the deadline", "after it", "just in reach", "out of reach", "a clock that jumped"],
)
def test_late_is_what_was_made_by_the_deadline_and_comes_within_two_weeks(session, keep_late, made, arrived, is_kept):
    assert keep_late(made_at=DEADLINE + made, at=DEADLINE + arrived) is is_kept

    kept = session.scalars(select(LateResponse)).all()
    assert all(AT <= one.made_at <= DEADLINE for one in kept)


def test_whoever_handed_in_has_no_late_answers_nor_has_what_was_saved_anyway(
    session, person, attempt_id, save, keep_late
):
    save(A, 1)
    assert not keep_late(A, 1)

    hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=AT)

    assert not keep_late(B, 2)


def test_a_late_answer_has_to_fit_its_item_and_belong_to_its_candidate(session, attempt_id, keep_late):
    with pytest.raises(Invalid, match="unknown options z"):
        keep_late({"choices": ["z"]})
    with pytest.raises(NotFound):
        keep_late(position=99)
    with pytest.raises(NotFound):
        keep_late_response(
            session,
            attempt_id=attempt_id,
            person_id=make_person(session).id,
            position=1,
            response=A,
            sequence=1,
            made_at=AT,
            at=DEADLINE + timedelta(minutes=1),
        )
