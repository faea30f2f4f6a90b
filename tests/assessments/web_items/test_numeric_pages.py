"""Numeric on its pages: shown, read back as typed, refused, and told what the number is."""

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.numeric import NumericContent, NumericKey
from tests.assessments.strategies.numeric import numeric_items
from tests.assessments.web_items.hands.numeric import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "numeric"
CONTENT = NumericContent.model_validate(SAMPLE["content"])
KEY = NumericKey.model_validate(SAMPLE["key"])
PLAIN = NumericContent(prompt="How many?")
TEMPTATIONS = {"72": "That leaves out the second checks."}


@settings(max_examples=25)
@given(numeric_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, SAMPLE["response"], is_locked=True))


def test_without_units_none_is_asked_for():
    assert "In which unit?" in show(NAME, CONTENT)
    assert "In which unit?" not in show(NAME, PLAIN)


def test_what_was_refused_is_shown_again_as_it_was_typed():
    sent = sent_by(show(NAME, CONTENT, refused={"value": "1,500", "unit": "hours"}))

    assert sent.to_dict() == {"r1-value": "1,500", "r1-unit": "hours"}


def test_the_experts_number_is_right():
    text = tell(NAME, CONTENT, KEY, {"value": "1,4", "unit": "hours"}, TEMPTATIONS)

    assert text.startswith("Right 100 % of the points The right answer is 84 minutes.")
    assert "Up to 0.5 minutes more or less is right, too. You gave 1.4 hours." in text
    assert "second checks" not in text


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"value": "84"}, "You gave 84: the number is right, but a number without a unit may mean anything."),
        ({"value": "1.4", "unit": "minutes"}, "You gave 1.4 minutes: the number is right, its unit is not."),
        ({"value": "84", "unit": "seconds"}, "You gave 84 seconds: the number is right, its unit is not."),
        ({"value": "2", "unit": "hours"}, "You gave 2 hours, which is too high."),
        ({"value": "72", "unit": "minutes"}, "You gave 72 minutes, which is too low."),
        ({"unit": "hours"}, "You gave no number."),
    ],
)
def test_where_the_answer_differs_is_told(raw, told):
    text = tell(NAME, CONTENT, KEY, raw, TEMPTATIONS)

    assert told in text
    assert "That leaves out the second checks." in text


def test_an_answer_is_held_against_the_accepted_value_next_to_it():
    key = NumericKey.model_validate({"value": 100, "accepted": [10]})

    assert "You gave 11, which is too high." in tell(NAME, PLAIN, key, {"value": "11"})


def test_a_relative_tolerance_is_told_in_percent():
    key = NumericKey.model_validate({"value": "200.0", "relative": "0.05"})

    assert "The right answer is 200. Up to 5 % more or less is right, too." in tell(NAME, PLAIN, key, {"value": "1"})


@pytest.mark.parametrize(
    ("content", "key", "raw", "said"),
    [
        (CONTENT, KEY, SAMPLE["response"], ["the number is right, and so is its unit"]),
        (CONTENT, KEY, {"value": "84"}, ["the number is right, its unit is not"]),
        (CONTENT, KEY, {"value": "7"}, ["another number is right"]),
        (CONTENT, KEY, {}, ["another number is right"]),
        (PLAIN, NumericKey(value=5), {"value": "5"}, ["the number is right"]),
    ],
)
def test_a_result_says_where_the_points_came_from(content, key, raw, said):
    assert explain(NAME, content, key, raw) == said
