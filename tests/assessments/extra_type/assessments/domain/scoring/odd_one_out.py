"""Scores odd ones out: right or wrong."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.odd_one_out import (
    OddOneOutContent,
    OddOneOutKey,
    OddOneOutResponse,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, weigh


def score(content: OddOneOutContent, key: OddOneOutKey, response: OddOneOutResponse) -> ItemScore:
    """Return 1 for the word that does not belong, else 0."""
    return weigh(Part("word", Fraction(response.word == key.word), Fraction(1)))


def full_response(content: OddOneOutContent, key: OddOneOutKey) -> OddOneOutResponse:
    return OddOneOutResponse(word=key.word)


def key_with(content: OddOneOutContent, response: OddOneOutResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    return {**key, "word": response.word}


def simple_strategies(content: OddOneOutContent) -> dict[str, OddOneOutResponse]:
    return {"always the first word": OddOneOutResponse(word=content.words[0])}


def wrong_answers(content: OddOneOutContent, key: OddOneOutKey) -> list[str]:
    return [word for word in content.words if word != key.word]


TYPE = ItemType(
    name="odd-one-out",
    title="Odd one out",
    task="Name the word that does not belong.",
    content=OddOneOutContent,
    key=OddOneOutKey,
    response=OddOneOutResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "One word is no fruit",
            OddOneOutContent(prompt="Which is no fruit?", words=("plum", "pear", "pebble")),
            OddOneOutKey(word="pebble"),
            OddOneOutResponse(word="pebble"),
        ),
    ),
)
