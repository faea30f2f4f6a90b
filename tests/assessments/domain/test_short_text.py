"""Short text: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import given

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.short_text import (
    LONGEST,
    AcceptedText,
    ShortTextContent,
    ShortTextKey,
    ShortTextResponse,
    check_key,
)
from assessments.domain.scoring.short_text import TYPE, key_with, score, simple_strategies
from assessments.domain.spelling import normal_form
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.short_text import short_text_items

ANYTHING = anything(["text"], ["ab", "…", "x" * 300])
CONTENT = ShortTextContent(prompt="What is it?")


def make_key(*texts: str, **facts: object) -> ShortTextKey:
    """A key of texts, each with the points behind a colon where these are not 1."""
    answers = [text.partition(":") for text in texts]
    accepted = tuple(AcceptedText(text=text, points=float(points or 1)) for text, _, points in answers)
    return ShortTextKey.model_validate({"answers": accepted, **facts})


def points(key: ShortTextKey, typed: str) -> Fraction:
    return score(CONTENT, key, ShortTextResponse(text=typed)).points


@given(short_text_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(short_text_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(short_text_items())
def test_without_forgiving_only_an_accepted_text_earns_its_points(item):
    content, key, response = item
    strict = key.model_copy(update={"typos": 0})

    def form(text):
        return normal_form(text, is_case_sensitive=key.is_case_sensitive)

    best = max((answer.points for answer in key.answers if form(answer.text) == form(response.text)), default=0)
    assert score(content, strict, response).points == Fraction(str(best))


@given(short_text_items())
def test_forgiving_takes_nothing_from_whom_it_need_not_forgive(item):
    content, key, response = item
    strict = key.model_copy(update={"typos": 0})

    assert score(content, key, response).points >= score(content, strict, response).points


@given(short_text_items())
def test_one_more_accepted_text_changes_nothing_for_whom_types_another(item):
    content, key, response = item
    other = AcceptedText(text="quite another text", points=0.5)

    longer = key.model_copy(update={"answers": (*key.answers, other)})
    assert score(content, longer, response).points == score(content, key, response).points


def test_the_best_of_the_texts_that_it_is_counts():
    key = make_key("Neutral:0.5", "neutral")

    assert points(key, "neutral") == 1
    assert points(make_key("Neutral:0.5", "neutral", is_case_sensitive=True), "Neutral") == Fraction(1, 2)


def test_so_many_typing_errors_are_forgiven_as_the_key_says():
    key = make_key("verifiable", typos=2)

    assert points(key, "verifable") == points(key, "Vreifable!") == 1
    assert points(key, "vrefable") == 0
    assert points(make_key("verifiable"), "verifable") == 0


@pytest.mark.parametrize(("accepted", "typed"), [("no", "so"), ("yes", "yet"), ("not", "note"), ("note", "not")])
def test_in_words_of_fewer_than_four_letters_no_error_is_forgiven(accepted, typed):
    assert points(make_key(accepted, typos=3), typed) == 0


def test_a_text_that_is_accepted_itself_is_no_typing_error_of_another():
    key = make_key("affect", "effect:0.5", typos=1)

    assert points(key, "effect") == Fraction(1, 2)
    assert points(key, "efect") == Fraction(1, 2)
    assert points(key, "afect") == 1


def test_points_are_as_exact_as_they_were_written():
    assert points(make_key("yes", "maybe:0.1"), "maybe") == Fraction(1, 10)


def test_nothing_typed_earns_nothing():
    assert points(make_key("…", typos=3), "") == 0
    assert points(make_key("…", typos=3), " ") == 0


def test_restating_the_key_puts_the_text_first_and_keeps_the_others():
    stated = {"answers": [{"text": "open", "points": 0.5}, {"text": "silent", "points": 1.0}], "typos": 1}

    def restated(text):
        return key_with(CONTENT, ShortTextResponse(text=text), stated)

    assert restated("silent") == stated
    assert restated("mute") == {**stated, "answers": [{"text": "mute", "points": 1.0}, *stated["answers"]]}
    assert restated("open")["answers"] == [{"text": "open", "points": 1.0}, {"text": "silent", "points": 1.0}]


def test_simple_strategies_are_nothing_and_words_of_the_item():
    content = ShortTextContent(prompt="Name the ferry’s harbour.", passage="It sails from Aarhus on Wednesdays.")

    assert {name: response.text for name, response in simple_strategies(content).items()} == {
        "nothing": "",
        "the longest word of the question": "ferry's",
        "the longest word of the passage": "Wednesdays",
        "the last word of the question": "harbour",
    }


def test_one_text_must_be_fully_right():
    with pytest.raises(InvalidKey, match="no text earns full points"):
        check_key(CONTENT, make_key("open:0.5"))


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(InvalidResponse, match=f"text should have at most {LONGEST} characters"):
        parse_response("short-text", CONTENT, {"text": "x" * (LONGEST + 1)})
