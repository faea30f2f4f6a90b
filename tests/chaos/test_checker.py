"""The checker finds what is planted: each broken promise by its name, and nothing in a sitting that kept them all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from tests.chaos.checker import StoredAttempt, StoredResponse, check_sitting, lost
from tests.chaos.history import Outcome, Save, Sitting

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DEADLINE = START + timedelta(minutes=30)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def save(sequence=1, text="calm", *, outcome=Outcome.SAVED, sent=10.0, device="a", epoch=None, position=1) -> Save:
    return Save(device, position, sequence, {"text": text}, at(sent), epoch, 1, False, outcome, at(sent + 0.1))


@pytest.fixture
def sitting() -> Sitting:
    """Two answers at one position, the second acknowledged last, then one submit."""
    return Sitting(
        "one",
        "person",
        "storm-glass",
        attempt_ids={"attempt"},
        saves=[save(1, "calm"), save(2, "storm", sent=20)],
        first_submit_sent_at=at(60),
        submit_told_at=at(61),
        results={"100 %"},
    )


@pytest.fixture
def stored() -> StoredAttempt:
    return StoredAttempt(
        id="attempt",
        state="graded",
        deadline_at=DEADLINE,
        submitted_at=at(60.5),
        score=Fraction(1),
        has_passed=True,
        regraded=(Fraction(1), True),
        form_count=6,
        result_count=6,
        responses={1: StoredResponse(2, {"text": "storm"}, at(20))},
        certificates=1,
        letters=1,
    )


def rules(sitting, *stored):
    return {violation.rule for violation in check_sitting(sitting, list(stored))}


def test_a_sitting_that_kept_every_promise_has_no_violation(sitting, stored):
    assert rules(sitting, stored) == set()


def test_a_violation_names_the_attempt_and_the_events(sitting, stored):
    stored.responses.clear()
    [violation] = check_sitting(sitting, [stored])

    assert violation.attempt == "attempt"
    assert "sequence 2 {'text': 'storm'}: saved" in "\n".join(violation.events)
    assert lost([violation]) == 1


def test_an_acknowledged_answer_that_an_older_one_replaced_is_lost(sitting, stored):
    stored.responses[1] = StoredResponse(1, {"text": "calm"}, at(10))
    assert rules(sitting, stored) == {"no answer is lost"}


def test_an_acknowledged_answer_that_is_stored_as_something_else_is_lost(sitting, stored):
    sitting.saves.append(save(2, "gale", outcome=Outcome.STALE, device="b"))
    stored.responses[1] = StoredResponse(2, {"text": "gale"}, at(20))
    assert rules(sitting, stored) == {"no answer is lost"}


def test_an_answer_that_nobody_sent_is_noticed(sitting, stored):
    stored.responses[1] = StoredResponse(3, {"text": "hail"}, at(20))
    assert rules(sitting, stored) == {"only what was sent is stored"}


def test_an_unacknowledged_answer_may_be_stored_or_not(sitting, stored):
    sitting.saves.append(save(3, "gale", outcome=Outcome.UNKNOWN))
    assert rules(sitting, stored) == set()
    stored.responses[1] = StoredResponse(3, {"text": "gale"}, at(20))
    assert rules(sitting, stored) == set()


def test_an_answer_after_the_deadline_is_noticed(sitting, stored):
    stored.responses[1] = replace(stored.responses[1], saved_at=DEADLINE + timedelta(microseconds=1))
    assert rules(sitting, stored) == {"nothing after the deadline"}


def test_an_answer_accepted_after_the_submit_was_acknowledged_is_noticed(sitting, stored):
    sitting.saves[1] = save(2, "storm", sent=62)
    assert rules(sitting, stored) == {"nothing after the end"}


def test_an_answer_that_is_refused_in_time_is_noticed(sitting, stored):
    sitting.saves.append(save(3, "gale", outcome=Outcome.CLOSED, sent=30))
    assert rules(sitting, stored) == {"nothing refused in time"}


def test_an_answer_from_a_window_without_the_pen_is_noticed(sitting, stored):
    sitting.pens = [(at(5), 1), (at(15), 2)]
    sitting.saves[1] = save(2, "storm", sent=20, epoch=1)
    assert rules(sitting, stored) == {"one pen"}


def test_a_late_answer_that_is_gone_is_noticed(sitting, stored):
    sitting.saves.append(save(1, "gale", outcome=Outcome.LATE, sent=1801, position=2))
    assert rules(sitting, stored) == {"late answers are kept"}
    stored.late[2] = StoredResponse(1, {"text": "gale"}, at(1801))
    assert rules(sitting, stored) == set()


def test_an_answer_that_was_given_in_time_and_is_not_kept_as_late_is_noticed(sitting, stored):
    sitting.first_submit_sent_at = sitting.submit_told_at = None
    sitting.saves.append(save(3, "gale", outcome=Outcome.CLOSED, sent=1700))
    sitting.saves[-1].told_at = at(1801)
    assert rules(sitting, stored) == {"late answers are kept"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"state": "open"}, "every attempt ends"),
        ({"result_count": 12}, "one submit"),
        ({"regraded": (Fraction(1, 2), False)}, "the score is a pure function"),
        ({"certificates": 2, "letters": 2}, "one certificate a pass"),
        ({"certificates": 0, "letters": 0}, "one certificate a pass"),
        ({"letters": 0}, "every effect arrives"),
    ],
)
def test_a_wrong_result_is_noticed(sitting, stored, change, rule):
    assert rules(sitting, replace(stored, **change)) == {rule}


def test_a_second_start_is_noticed(sitting, stored):
    sitting.attempt_ids.add("another")
    assert "one start" in rules(sitting, stored, replace(stored, id="another"))


def test_a_start_that_was_acknowledged_and_is_gone_is_noticed(sitting):
    assert rules(sitting) == {"a start is kept"}


def test_two_results_of_one_attempt_are_noticed(sitting, stored):
    sitting.results.add("50 %")
    assert rules(sitting, stored) == {"one result"}


def test_an_answer_that_should_not_occur_is_noticed(sitting, stored):
    sitting.fault("save answered 404")
    assert rules(sitting, stored) == {"nothing odd is answered"}
