"""First wrong step: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.first_wrong_step import (
    NO_STEP,
    FirstWrongStepContent,
    FirstWrongStepKey,
    FirstWrongStepResponse,
    check_key,
    check_response,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scoring.first_wrong_step import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.first_wrong_step import first_wrong_step_items

REASONS = tuple(Category(id=name, title=name, rule="A rule.") for name in ("slip", "misread", "leap"))
CONTENT = FirstWrongStepContent(problem="A problem.", steps=("one", "two", "three", "four"), reasons=REASONS)
ANYTHING = anything(["step", "reason"], [0, 1, 2, "3", 99, "r0", "r1"])


def make_key(step: int, **facts) -> FirstWrongStepKey:
    return FirstWrongStepKey.model_validate({"step": step, **facts})


def points(key: FirstWrongStepKey, step: int | None, reason: str | None = None) -> Fraction:
    return score(CONTENT, key, FirstWrongStepResponse(step=step, reason=reason)).points


@given(first_wrong_step_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(first_wrong_step_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(first_wrong_step_items())
def test_only_an_acceptable_answer_earns_1(item):
    content, key, response = item
    acceptable = key.shares.get(response.step) == max(key.shares.values()) and (
        not key.reasons or response.reason in key.reasons
    )

    assert (score(content, key, response).points == 1) == acceptable


@given(first_wrong_step_items())
def test_an_accepted_reason_never_costs(item):
    content, key, response = item
    assume(response.step != NO_STEP)

    for reason in key.reasons:
        better = response.model_copy(update={"reason": reason})
        assert score(content, key, better).points >= score(content, key, response).points


@given(first_wrong_step_items())
def test_a_step_that_most_experts_name_never_earns_less_than_another(item):
    content, key, response = item
    assume(response.step is not None)

    assert score(content, key, response.model_copy(update={"step": key.step})).points >= score(*item).points


def test_without_reasons_the_step_carries_all_and_one_beside_it_a_quarter():
    earned = {step: points(make_key(2), step) for step in (None, 0, 1, 2, 3, 4)}

    assert earned == {None: 0, 0: 0, 1: Fraction(1, 4), 2: 1, 3: Fraction(1, 4), 4: 0}


def test_no_step_stands_beside_no_step():
    assert points(make_key(1), 0) == 0
    assert points(make_key(0), 0) == 1
    assert points(make_key(0), 1) == 0


def test_the_reason_earns_with_the_exact_step_only():
    key = make_key(2, reasons=["slip", "leap"])

    assert points(key, 2, "leap") == 1
    assert points(key, 2, "misread") == points(key, 2) == Fraction(8, 10)
    assert points(key, 3, "slip") == Fraction(8, 10) / 4
    assert points(key, 4, "slip") == 0


def test_split_experts_give_credit_to_each_step_and_a_quarter_beside_it_where_that_is_more():
    key = make_key(2, votes={2: 5, 3: 1}, reasons=["slip"])

    assert points(key, 3) == Fraction(8, 10) * Fraction(1, 4)  # beside step 2, not the fifth of its own
    assert points(key, 3, "slip") == Fraction(8, 10) * Fraction(1, 4) + Fraction(2, 10) * Fraction(1, 5)
    assert points(key, 4) == Fraction(8, 10) * Fraction(1, 5) / 4


def test_a_reason_falls_away_from_an_answer_that_finds_no_step_wrong():
    assert FirstWrongStepResponse(step=0, reason="slip") == FirstWrongStepResponse(step=0)


def test_restating_the_key_keeps_further_reasons_only_with_the_first_accepted_one():
    stated = {"step": 2, "reasons": ["leap", "slip"]}

    assert key_with(CONTENT, FirstWrongStepResponse(step=3, reason="slip"), stated)["reasons"] == ["leap", "slip"]
    assert key_with(CONTENT, FirstWrongStepResponse(step=2, reason="leap"), stated)["reasons"] == ["leap"]
    assert key_with(CONTENT, FirstWrongStepResponse(step=0), stated)["reasons"] == []


def test_simple_strategies_take_none_or_a_place_in_the_chain():
    strategies = simple_strategies(CONTENT)

    assert strategies["always the middle step, the last reason"] == FirstWrongStepResponse(step=2, reason="leap")
    assert strategies["always “no step is wrong”"] == FirstWrongStepResponse(step=0)
    assert len(strategies) == 9


def test_reasons_must_differ():
    with pytest.raises(ValidationError, match="reason ids must differ"):
        FirstWrongStepContent(problem="A problem.", steps=("one",), reasons=REASONS[:1] * 2)


def test_votes_that_contradict_the_step_are_refused():
    with pytest.raises(ValidationError, match="step 2 is not what most experts named"):
        make_key(2, votes={2: 1, 3: 2})


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        (make_key(5), "key names step 5; the item has steps 1 to 4"),
        (make_key(2, votes={2: 2, 7: 1}), "key names step 7"),
        (make_key(2, reasons=["whim"]), "unknown reasons whim; they are leap, misread, slip"),
        (make_key(0, reasons=["slip"]), "no step is wrong"),
        (make_key(2, reasons=["slip", "misread", "leap"]), "every reason is accepted"),
        (make_key(2, votes={2: 1, 3: 1}, reasons=["slip"]), "evenly split"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(key, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(CONTENT, key)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ({"step": 5}, "there is no step 5; they are 1 to 4, and 0 for none"),
        ({"step": 1, "reason": "whim"}, "unknown reason whim"),
    ],
)
def test_a_response_that_does_not_fit_is_refused(raw, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(CONTENT, FirstWrongStepResponse.model_validate(raw))
