"""Choice: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import given
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.choice import (
    ChoiceContent,
    ChoiceKey,
    ChoiceResponse,
    check_key,
    check_response,
)
from assessments.domain.schemas.parts import Option
from assessments.domain.scoring.choice import score, simple_strategies
from tests.assessments.item_strategies import choice_items


def make_content(ids: str, *, many: bool = False) -> ChoiceContent:
    return ChoiceContent(prompt="Which?", many=many, options=tuple(Option(id=name, text=name) for name in ids))


def ticks(ids: str) -> ChoiceResponse:
    return ChoiceResponse(choices=frozenset(ids))


@given(choice_items())
def test_only_an_accepted_answer_earns_1(item):
    content, key, response = item

    assert (score(content, key, response).points == 1) == (response.choices in key.acceptable)


@given(choice_items(many=True))
def test_ticking_everything_earns_nothing(item):
    content, key, _ = item
    everything = simple_strategies(content)["tick everything"]

    assert score(content, key, everything).points == 0


@given(choice_items(many=True))
def test_a_right_tick_more_or_a_wrong_one_less_never_costs(item):
    content, key, response = item
    only = ChoiceKey(choices=key.choices)
    points = score(content, only, response).points

    for option in key.choices - response.choices:
        assert score(content, only, ChoiceResponse(choices=response.choices | {option})).points >= points
    for option in response.choices - key.choices:
        assert score(content, only, ChoiceResponse(choices=response.choices - {option})).points >= points


@given(choice_items(many=False))
def test_one_choice_is_right_or_wrong(item):
    assert score(*item).points in (0, 1)


def test_several_choices_earn_the_best_agreement_with_an_accepted_set():
    content = make_content("abcde", many=True)
    key = ChoiceKey(choices=frozenset("ab"), accepted=(frozenset("cd"),))

    assert score(content, key, ticks("ac")).points == Fraction(1, 2) - Fraction(1, 3)
    assert score(content, key, ticks("cd")).points == 1
    assert score(content, key, ticks("e")).points == 0


def test_the_longest_option_is_a_simple_strategy_and_the_first_of_equals_is_taken():
    options = (Option(id="a", text="Yes"), Option(id="b", text="Never"), Option(id="c", text="Often"))
    content = ChoiceContent(prompt="Which?", options=options)

    assert {name: set(response.choices) for name, response in simple_strategies(content).items()} == {
        "always the first option": {"a"},
        "always the last option": {"c"},
        "always the longest option": {"b"},
    }


def test_option_ids_must_differ():
    with pytest.raises(ValidationError, match="must differ"):
        make_content("aba")


@pytest.mark.parametrize(
    ("right", "many", "complaint"),
    [("x", False, "unknown options x"), ("abc", True, "every option"), ("ab", False, "exactly one")],
)
def test_a_key_that_does_not_fit_is_refused(right, many, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(make_content("abc", many=many), ChoiceKey(choices=frozenset(right)))


@pytest.mark.parametrize(("ids", "complaint"), [("x", "unknown options x"), ("ab", "takes one")])
def test_a_response_that_does_not_fit_is_refused(ids, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(make_content("abc"), ticks(ids))
