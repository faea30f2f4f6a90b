"""Short text on its pages: shown, read back, refused, and told what is accepted."""

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.short_text import ShortTextContent, ShortTextKey
from tests.assessments.strategies.short_text import short_text_items
from tests.assessments.web_items.hands.short_text import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "short-text"
CONTENT = ShortTextContent.model_validate(SAMPLE["content"])
KEY = ShortTextKey.model_validate(SAMPLE["key"])
TEMPTATIONS = {"café": "The guide does speak of it."}


@settings(max_examples=25)
@given(short_text_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, SAMPLE["response"], is_locked=True))


def test_what_was_refused_is_shown_again():
    assert sent_by(show(NAME, CONTENT, refused={"text": "x" * 300})).to_dict() == {"r1-text": "x" * 300}


def test_what_is_typed_is_never_markup():
    html = show(NAME, CONTENT, {"text": '"><b>bold</b>'})

    assert "<b>" not in html
    assert "<b>" not in tell(NAME, CONTENT, KEY, {"text": "x"})


def test_an_accepted_text_is_right():
    text = tell(NAME, CONTENT, KEY, {"text": "Ticket ofice"}, TEMPTATIONS)

    assert text.startswith(
        "Right 100 % of the points You typed: Ticket ofice Right is: ticket office , the ticket office"
    )
    assert "The guide does speak of it." not in text


@pytest.mark.parametrize(
    ("raw", "begins"),
    [
        ({"text": "the office"}, "Partly right 50 % of the points You typed: the office Right is: ticket office"),
        ({"text": "café"}, "Not right 0 % of the points You typed: café Right is: ticket office"),
        ({}, "Not right 0 % of the points You typed nothing. Right is: ticket office"),
    ],
)
def test_what_is_accepted_is_told(raw, begins):
    text = tell(NAME, CONTENT, KEY, raw, TEMPTATIONS)

    assert text.startswith(begins)
    assert "Partly right is: the office" in text
    assert "The guide does speak of it." in text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (SAMPLE["response"], []),
        ({"text": "the office"}, ["the text is partly right"]),
        ({"text": "café"}, ["another text is right"]),
    ],
)
def test_a_result_says_where_the_points_came_from(raw, said):
    assert explain(NAME, CONTENT, KEY, raw) == said
