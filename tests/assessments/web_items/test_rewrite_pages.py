"""Rewrite on its pages: the response beside an empty field, each check told, changes readable without colour."""

import re

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.rewrite import RewriteContent, RewriteKey
from tests.assessments.strategies.rewrite import rewrite_items
from tests.assessments.web_items.hands.rewrite import SAMPLE
from tests.assessments.web_items.shown_items import explain, show, tell
from tests.assessments.web_items.written_fields import read_written, written_by

NAME = "rewrite"
CONTENT = RewriteContent.model_validate(SAMPLE["content"])
BARE = CONTENT.model_copy(update={"criteria": ()})
KEY = RewriteKey.model_validate(SAMPLE["key"])
RIGHT = SAMPLE["response"]
HALF = {"text": "Please do not drink grapefruit juice. Take the tablets with a glass of water. Ask if you are unsure."}


@settings(max_examples=25)
@given(rewrite_items())
def test_a_shown_text_is_read_back_to_the_letter(item):
    content, _, response = item

    assert read_written(NAME, content, show(NAME, content, response.model_dump())) == response


def test_the_field_is_empty_at_first_and_the_response_stands_beside_it_to_copy():
    html = show(NAME, CONTENT)

    assert written_by(html).to_dict() == {"r1-text": ""}
    assert html.count(CONTENT.response.split(".")[0]) == 2
    assert re.search(r"<textarea readonly(?![^>]*name=)", html)
    assert re.search(r"<p data-part=\"start\" hidden>", html)


def test_a_locked_rewrite_shows_its_text_and_sends_nothing():
    html = show(NAME, CONTENT, RIGHT, is_locked=True)

    assert not written_by(html)
    assert "<textarea" not in html
    assert "Please do not drink grapefruit juice" in html


def test_the_rubric_is_there_only_where_markers_judge():
    assert "How it will be judged" in show(NAME, CONTENT)
    assert "How it will be judged" not in show(NAME, BARE)


def test_nothing_of_the_key_is_on_the_page():
    html = show(NAME, CONTENT, RIGHT)

    assert "It advises against the juice" not in html
    assert "belongs into the best level" not in html


def test_every_check_is_told_and_how_the_rest_is_judged():
    text = tell(NAME, CONTENT, KEY, RIGHT, {"anything": "Two hours sound safe."})

    assert text.startswith("Every check is passed 100 % of the points that checks can give What was to be mended")
    assert "It advises against the juice mended It says for how long afterwards mended" in text
    assert "With a glass of water kept An ear for any other worry kept" in text
    assert "An exemplary rewrite Please do not drink" in text
    assert "The rubric, to judge yourself by Helpfulness" in text
    assert "What markers look for The reason" in text
    assert "Two hours sound safe." in text


def test_where_no_marker_judges_the_points_are_all():
    assert tell(NAME, BARE, KEY, RIGHT).startswith("Right 100 % of the points What was to be mended")
    assert tell(NAME, BARE, KEY, HALF).startswith("Partly right 50 % of the points")
    assert "rubric" not in tell(NAME, BARE, KEY, HALF)


def test_a_check_that_fails_is_told():
    text = tell(NAME, CONTENT, KEY, HALF)

    assert text.startswith("Some checks are passed 50 % of the points that checks can give")
    assert "It says for how long afterwards not mended" in text


def test_changes_are_told_in_words_too():
    text = tell(NAME, CONTENT, KEY, {"text": CONTENT.response.replace("Yes, you may", "No, you may not")})

    assert "What you changed Struck through is what was taken out, underlined what was put in." in text
    assert "[taken out: Yes ] [put in: No ]" in text
    assert "[put in: not ]" in text


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({}, "Nothing is earned yet 0 % of the points that checks can give Nothing is written."),
        ({"text": CONTENT.response}, "Nothing was changed."),
    ],
)
def test_a_text_that_is_missing_or_unchanged_is_told(raw, told):
    assert told in tell(NAME, CONTENT, KEY, raw)


def test_changes_that_cannot_be_told_in_time_are_not():
    long = CONTENT.model_copy(update={"response": CONTENT.response * 8})

    assert "The same words stand in it too often" in tell(NAME, long, KEY, {"text": "the " * 5000})


def test_an_empty_text_keeps_nothing():
    assert "With a glass of water lost" in tell(NAME, CONTENT, KEY, {})


@pytest.mark.parametrize(
    ("content", "raw", "said"),
    [
        (BARE, RIGHT, ["2 of 2 faults mended", "2 of 2 right things kept"]),
        (
            CONTENT,
            {"text": CONTENT.response},
            ["0 of 2 faults mended", "2 of 2 right things kept", "0.00 of 1 by the markers’ rubric"],
        ),
    ],
)
def test_a_result_says_where_the_points_came_from(content, raw, said):
    assert explain(NAME, content, KEY, raw) == said
