"""True or false: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import given
from pydantic import ValidationError

from assessments.domain.schemas.true_false import TrueFalseContent, TrueFalseKey, TrueFalseResponse
from assessments.domain.scoring.true_false import TYPE, key_with, score, simple_strategies, wrong_answers
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.true_false import true_false_items

CONTENT = TrueFalseContent(statement="The tower leans.")
ANYTHING = anything(["answer"], ["true", "false", True])


def make_key(answer, **votes):
    return TrueFalseKey(answer=answer, distribution=votes or None)


def points(key, answer):
    return score(CONTENT, key, TrueFalseResponse(answer=answer)).points


@given(true_false_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(true_false_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(true_false_items())
def test_only_what_most_experts_said_earns_1(item):
    content, key, response = item
    is_acceptable = key.shares.get(response.answer) == max(key.shares.values())

    assert (score(content, key, response).points == 1) == is_acceptable


def test_experts_who_agree_leave_nothing_for_the_other_answer():
    assert (points(make_key("true"), "true"), points(make_key("true"), "false")) == (1, 0)


def test_the_answer_of_fewer_experts_earns_in_proportion():
    key = make_key("true", true=3, false=1)

    assert (points(key, "true"), points(key, "false")) == (1, Fraction(1, 3))


def test_no_answer_earns_nothing_even_when_experts_are_evenly_split():
    key = make_key("true", true=2, false=2)

    assert (points(key, "false"), points(key, None)) == (1, 0)


def test_restating_the_key_keeps_its_other_fields():
    stated = {"answer": "true", "distribution": {"true": 2, "false": 2}}

    assert key_with(CONTENT, TrueFalseResponse(answer="false"), stated) == {**stated, "answer": "false"}
    assert key_with(CONTENT, TrueFalseResponse(), {}) == {"answer": None}


def test_only_an_answer_that_no_expert_gave_needs_a_reason_why_it_tempts():
    assert wrong_answers(CONTENT, make_key("true")) == ["false"]
    assert wrong_answers(CONTENT, make_key("true", true=3, false=1)) == []


def test_simple_strategies_are_either_answer_throughout():
    assert {name: response.answer for name, response in simple_strategies(CONTENT).items()} == {
        "always true": "true",
        "always false": "false",
    }


def test_a_key_against_most_experts_is_refused():
    with pytest.raises(ValidationError, match="false is not what most experts said"):
        make_key("false", true=3, false=1)
