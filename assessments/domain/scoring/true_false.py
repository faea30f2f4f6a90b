"""Scores true or false: right, wrong, or in proportion to the experts who say the same."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.true_false import (
    TrueFalseContent,
    TrueFalseKey,
    TrueFalseResponse,
    Truth,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, weigh
from assessments.domain.scoring.credit import label_credit


def score(content: TrueFalseContent, key: TrueFalseKey, response: TrueFalseResponse) -> ItemScore:
    """Return the share of experts behind the answer given, over the larger share; without an answer, nothing.

    Where all experts agree that is 1 or 0.
    """
    return weigh(Part("answer", label_credit(key.shares, response.answer), Fraction(1)))


def full_response(content: TrueFalseContent, key: TrueFalseKey) -> TrueFalseResponse:
    """Return a response that earns full score."""
    return TrueFalseResponse(answer=key.answer)


def key_with(content: TrueFalseContent, response: TrueFalseResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response."""
    return {**key, "answer": None if response.answer is None else response.answer.value}


def wrong_answers(content: TrueFalseContent, key: TrueFalseKey) -> list[str]:
    """Return the answer that no expert gave."""
    return [truth.value for truth in Truth if truth not in key.shares]


def simple_strategies(content: TrueFalseContent) -> dict[str, TrueFalseResponse]:
    """Return what someone would say who has not read the statement, by name of the strategy."""
    return {f"always {truth.value}": TrueFalseResponse(answer=truth) for truth in Truth}


TYPE = ItemType(
    name="true-false",
    title="True or false",
    task="Say whether a statement is true or false.",
    content=TrueFalseContent,
    key=TrueFalseKey,
    response=TrueFalseResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Of five experts four say false and one says true; the answer is true",
            TrueFalseContent(statement="“It may rain tomorrow” is a claim that a source of today can contradict."),
            TrueFalseKey(answer=Truth.FALSE, distribution={Truth.FALSE: 4, Truth.TRUE: 1}),
            TrueFalseResponse(answer=Truth.TRUE),
        ),
    ),
)
