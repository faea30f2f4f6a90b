"""Relevance grading on its pages: shown, read back, refused, and told where it differs."""

import re

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.parts import Level
from assessments.domain.schemas.relevance_grading import RelevanceGradingContent, RelevanceGradingKey
from assessments.web.views.relevance_grading import title_of
from tests.assessments.strategies.relevance_grading import relevance_grading_items
from tests.assessments.web_items.hands.relevance_grading import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "relevance-grading"
CONTENT = RelevanceGradingContent.model_validate(SAMPLE["content"])
KEY = RelevanceGradingKey(grades={1: 4, 2: 1, 3: 3})
SPLIT = RelevanceGradingKey.model_validate(SAMPLE["key"])
RIGHT = SAMPLE["response"]
TEMPTATIONS = {"2": "Paint covers what is wet.", "anything": "It sounds handy."}


@settings(max_examples=25)
@given(relevance_grading_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, RIGHT, is_locked=True))


def test_what_was_refused_is_shown_again():
    refused = {"grades": {"1": 2, "2": 9, "3": "x"}}

    assert sent_by(show(NAME, CONTENT, refused=refused)).to_dict() == {"r1-result-1": "2"}


def test_each_grade_is_described_and_called_by_its_short_title():
    html = show(NAME, CONTENT)

    described = set(re.findall(r'aria-describedby="([^"]+)"', html))
    assert described == {f"r1-grade-{grade}" for grade in range(1, 5)} <= set(re.findall(r' id="([^"]+)"', html))
    assert html.count('<span class="hint" dir="auto">Perfect</span>') == 3
    assert not re.search(r'<a [^>]*href="[^"]*homecare', html)


@pytest.mark.parametrize(
    ("descriptor", "title"),
    [
        ("Weak: it touches the need.", "Weak"),
        ("It touches the need.", ""),
        ("A page that serves a part of the need: the larger one.", ""),
        ("Two\nlines: no title.", ""),
    ],
)
def test_a_grade_is_called_by_the_few_words_before_a_colon(descriptor, title):
    assert title_of(Level(level=1, descriptor=descriptor)) == title


def test_the_experts_grades_are_right():
    text = tell(NAME, CONTENT, KEY, RIGHT, TEMPTATIONS)

    assert text.startswith("Right 100 % of the points You graded every result as the experts did.")
    assert "tempts" not in text


@pytest.mark.parametrize(
    ("grade", "told"),
    [
        (2, "You gave 2, which is too high. It is near enough to earn a part of the points."),
        (4, "You gave 4, which is too high."),
    ],
)
def test_a_grade_that_differs_is_told_with_the_one_that_fits(grade, told):
    text = tell(NAME, CONTENT, KEY, {"grades": {**RIGHT["grades"], "2": grade}}, TEMPTATIONS)

    assert text.startswith("Partly right")
    assert "2 of 3 results have the grade that fits best." in text
    assert f"Result 2: Buy cellar paint, 10 litres, white The experts gave grade 1. {told}" in text
    assert "Grade 1: Useless: it serves another need" in text
    assert "Paint covers what is wet." in text
    assert "It sounds handy." not in text


def test_a_grade_that_is_too_low_or_left_out_is_told():
    text = tell(NAME, CONTENT, KEY, {"grades": {"1": 3, "3": 3}}, {"anything": "It sounds handy."})

    assert "You gave 3, which is too low. It is near enough" in text
    assert "You gave no grade." in text
    assert "It sounds handy." in text


def test_experts_who_differ_are_told_with_their_shares():
    text = tell(NAME, CONTENT, SPLIT, {"grades": {"1": 4, "2": 1, "3": 2}})

    assert "The experts did not all agree: grade 3 by 60 %, grade 2 by 40 %." in text
    assert "You gave 2, which is too low." in text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (RIGHT, ["3 of 3 results graded as the experts did"]),
        (
            {"grades": {"1": 3, "2": 1}},
            ["1 of 3 results graded as the experts did", "1 nearly", "2 of 3 graded at all"],
        ),
    ],
)
def test_a_result_says_where_the_points_came_from(raw, said):
    assert explain(NAME, CONTENT, KEY, raw) == said
