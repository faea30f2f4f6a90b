"""Essay on its pages: what is written is kept to the letter, and told apart from what a program could score."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.essay import EssayContent, EssayKey
from assessments.domain.scores import Part
from assessments.web.feedback.essay import explain
from tests.assessments.strategies.essay import essay_items
from tests.assessments.web_items.hands.essay import SAMPLE
from tests.assessments.web_items.shown_items import _app, sent_by, show, tell
from tests.assessments.web_items.written_fields import read_written, written_by

NAME = "essay"
CONTENT = EssayContent.model_validate(SAMPLE["content"])
KEY = EssayKey.model_validate(SAMPLE["key"])


@settings(max_examples=25)
@given(essay_items())
def test_a_shown_text_is_read_back_to_the_letter(item):
    content, _, response = item

    assert read_written(NAME, content, show(NAME, content, response.model_dump())) == response


@pytest.mark.parametrize("text", ["\n\nA gap first.", "One.\n\nTwo.\n", "a < b & \"c\" </textarea> 'd'"])
def test_line_ends_and_signs_of_markup_survive(text):
    assert written_by(show(NAME, CONTENT, {"text": text}))["r1-text"] == text.replace("\n", "\r\n")


def test_a_locked_essay_shows_its_text_and_sends_nothing():
    html = show(NAME, CONTENT, {"text": "One.\n\n<b>Two."}, is_locked=True)

    assert not written_by(html)
    assert not sent_by(html)
    assert "<p>One.</p><p>&lt;b&gt;Two.</p>" in html
    assert "Nothing is written." in show(NAME, CONTENT, is_locked=True)


def test_a_text_that_was_refused_is_shown_again():
    too_long = "x" * 20_001

    assert written_by(show(NAME, CONTENT, refused={"text": too_long}))["r1-text"] == too_long


@pytest.mark.parametrize(
    ("limits", "hint"),
    [
        ({}, "From 40 to 200 words."),
        ({"most_words": None}, "At least 40 words."),
        ({"fewest_words": None}, "At most 200 words."),
        ({"fewest_words": None, "most_words": None}, None),
    ],
)
def test_the_length_is_told_where_one_is_asked_for(limits, hint):
    html = show(NAME, CONTENT.model_copy(update=limits))

    assert hint is None or hint in html
    assert ('aria-describedby="r1-text-hint"' in html) == (hint is not None)


def test_the_rubric_is_there_before_anything_is_written_and_nothing_of_the_key_is():
    html = show(NAME, CONTENT)

    assert "How it will be judged" in html
    assert "It says why, by the numbers given." in html
    assert "kappa" not in html


def test_feedback_is_an_exemplary_text_the_notes_and_the_rubric():
    text = tell(NAME, CONTENT, KEY, SAMPLE["response"], {"anything": "94 % sounds like much."})

    assert text.startswith("Compare for yourself not scored Your text has 57 words. In a test, markers would judge it.")
    for part in (
        "An exemplary text I would not stop yet.",
        "What markers look for Expected agreement",
        "Because it is",
    ):
        assert part in text
    assert "The rubric, to judge yourself by Agreement by chance" in text
    assert "94 % sounds like much." in text
    assert "of the points" not in text


def test_an_empty_essay_earns_nothing():
    assert tell(NAME, CONTENT, KEY, {"text": " \n"}).startswith(
        "Nothing is written 0 % of the points An exemplary text"
    )


def test_a_result_says_what_the_markers_gave_and_rounds_nothing_up():
    with _app().test_request_context():
        said = explain(CONTENT, (Part("marking", Fraction(2, 3), Fraction(1)),))

    assert said == ["0.66 of 1 by the markers’ rubric"]


def test_text_goes_where_its_script_goes():
    assert len(re.findall(r'<(?:textarea|div|details|summary)[^>]* dir="auto"', show(NAME, CONTENT))) >= 3
