"""A sitting from start to result."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from assessments.models.attempts import AttemptState
from assessments.operations.answering import save_response
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt, hand_in_if_overdue
from assessments.queries.attempts import get_attempt, get_form, get_responses, list_skill_results
from lms.errors import Conflict, Gone, Invalid, NotFound
from tests.assessments.factories import ANSWERS, BANK, make_bank, make_test, sit
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def person(session: Session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    return make_person(session)


@pytest.fixture
def attempt_id(session: Session, person):
    return start_attempt(session, test_slug=BANK, person_id=person.id, at=AT)


def save(session, attempt_id, person, *, position=1, response=None, sequence=1, at=AT):
    return save_response(
        session,
        attempt_id=attempt_id,
        person_id=person.id,
        position=position,
        response={"choices": ["a"]} if response is None else response,
        sequence=sequence,
        at=at,
    )


def test_a_form_has_what_the_blueprint_says_and_the_same_seed_draws_it_again(session, person):
    first = start_attempt(session, test_slug=BANK, person_id=person.id, at=AT, seed=5)
    other = make_person(session)
    second = start_attempt(session, test_slug=BANK, person_id=other.id, at=AT, seed=5)

    form = get_form(session, first)

    assert [place.section for place in form] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert form == get_form(session, second)


def test_starting_again_leads_to_the_open_attempt(session, person, attempt_id):
    assert start_attempt(session, test_slug=BANK, person_id=person.id, at=AT + timedelta(minutes=5)) == attempt_id


def test_a_perfect_attempt_passes_with_full_score(session, person):
    attempt = get_attempt(session, attempt_id=sit(session, person_id=person.id, at=AT), person_id=person.id)

    assert attempt.state is AttemptState.GRADED
    assert attempt.score == 1
    assert attempt.has_passed


def test_an_empty_attempt_scores_nothing_and_fails(session, person):
    attempt_id = sit(session, person_id=person.id, at=AT, right=0)

    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person.id)

    assert attempt.score == 0
    assert attempt.has_passed is False


def test_the_score_is_the_exact_mean_and_is_told_per_skill(session, person):
    attempt_id = sit(session, person_id=person.id, at=AT, right=3)

    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person.id)
    skills = {skill.skill: skill.score for skill in list_skill_results(session, attempt_id)}

    assert attempt.score == Fraction(3, 8)
    assert skills == {"splitting": 1, "verdict": Fraction(1, 2), "evidence": 0, "rating": 0}


def test_the_highest_sequence_wins_and_an_old_one_is_told_what_is_stored(session, person, attempt_id):
    save(session, attempt_id, person, response={"choices": ["b"]}, sequence=4)

    with pytest.raises(Conflict) as refusal:
        save(session, attempt_id, person, response={"choices": ["a"]}, sequence=3)

    assert refusal.value.facts == {"saved": False, "sequence": 4, "response": {"choices": ["b"]}}
    assert get_responses(session, attempt_id)[1].response == {"choices": ["b"]}


def test_the_same_save_again_is_harmless(session, person, attempt_id):
    save(session, attempt_id, person, response={"choices": ["b"]}, sequence=4)

    assert save(session, attempt_id, person, response={"choices": ["b"]}, sequence=4) == 4


@pytest.mark.parametrize(
    ("offset", "is_open"),
    [(timedelta(minutes=30), True), (timedelta(minutes=30, microseconds=1), False)],
)
def test_the_servers_deadline_decides_at_the_entry_of_the_request(session, person, attempt_id, offset, is_open):
    if is_open:
        assert save(session, attempt_id, person, at=AT + offset) == 1
        return
    with pytest.raises(Gone):
        save(session, attempt_id, person, at=AT + offset)


def test_a_closed_attempt_takes_no_answer(session, person, attempt_id):
    hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=AT)

    with pytest.raises(Gone, match="closed"):
        save(session, attempt_id, person)
    assert get_responses(session, attempt_id) == {}


def test_somebody_elses_attempt_does_not_exist(session, person, attempt_id):
    stranger = make_person(session)

    with pytest.raises(NotFound):
        save(session, attempt_id, stranger)
    with pytest.raises(NotFound):
        save(session, attempt_id, stranger, response={"choices": ["zzz"]})
    with pytest.raises(NotFound):
        hand_in_attempt(session, attempt_id=attempt_id, person_id=stranger.id, at=AT)
    with pytest.raises(NotFound):
        get_attempt(session, attempt_id=attempt_id, person_id=stranger.id)


def test_an_unknown_attempt_or_position_does_not_exist(session, person, attempt_id):
    with pytest.raises(NotFound):
        save(session, attempt_id, person, position=9)
    with pytest.raises(NotFound):
        save(session, uuid4(), person)


@pytest.mark.parametrize(
    ("position", "response", "message"),
    [
        (1, {"choices": ["z"]}, "unknown options z; the options are a, b, c"),
        (1, {"choices": ["a", "b"]}, "this item takes one"),
        (1, {"score": 1}, "score"),
        (1, "b", "the response should be an object"),
        (3, {"label": "supported", "evidence": [7]}, "the passages are 1 to 3"),
        (3, {"label": "true"}, "label"),
        (5, {"spans": [{"start": 80, "end": 900, "category": "wrong-number"}]}, "outside the text"),
        (
            5,
            {
                "spans": [
                    {"start": 1, "end": 9, "category": "wrong-number"},
                    {"start": 1, "end": 9, "category": "wrong-number"},
                ]
            },
            "marked as wrong-number 2 times",
        ),
        (5, {"spans": [{"start": 1, "end": 9, "category": "nonsense"}]}, "unknown category"),
        (7, {"levels": {"clarity": 5}}, "its levels are 1 to 4"),
        (7, {"levels": {"beauty": 2}}, "unknown criteria beauty"),
    ],
)
def test_a_response_that_does_not_fit_is_refused_by_name_and_changes_nothing(
    session, person, attempt_id, position, response, message
):
    kind = list(ANSWERS)[(position - 1) // 2]
    save(session, attempt_id, person, position=position, response=ANSWERS[kind])

    with pytest.raises(Invalid, match=message):
        save(session, attempt_id, person, position=position, response=response, sequence=2)

    assert get_responses(session, attempt_id)[position].sequence == 1


def test_handing_in_twice_keeps_the_first_result(session, person, attempt_id):
    assert hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=AT) is True
    assert hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=AT) is False


def test_the_server_hands_in_when_the_time_is_over_and_not_before(session, person, attempt_id):
    deadline = AT + timedelta(minutes=30)

    assert hand_in_if_overdue(session, attempt_id=attempt_id, at=deadline) is False
    assert hand_in_if_overdue(session, attempt_id=attempt_id, at=deadline + timedelta(seconds=1)) is True
    assert hand_in_if_overdue(session, attempt_id=attempt_id, at=deadline + timedelta(seconds=2)) is False

    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person.id)
    assert attempt.submitted_at == deadline
    assert attempt.was_submitted_by_deadline


def test_after_a_failed_attempt_a_pause_is_due_and_the_refusal_says_until_when(session, person):
    sit(session, person_id=person.id, at=AT, right=0)

    with pytest.raises(Conflict, match="22 November 2026, 09:00 UTC"):
        start_attempt(session, test_slug=BANK, person_id=person.id, at=AT + timedelta(hours=23))

    assert start_attempt(session, test_slug=BANK, person_id=person.id, at=AT + timedelta(hours=24))


def test_an_overdue_attempt_is_handed_in_before_another_is_started(session, person, attempt_id):
    later = AT + timedelta(days=3)

    second = start_attempt(session, test_slug=BANK, person_id=person.id, at=later)

    assert second != attempt_id
    assert get_attempt(session, attempt_id=attempt_id, person_id=person.id).state is AttemptState.GRADED
