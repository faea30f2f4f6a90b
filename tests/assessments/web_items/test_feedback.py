"""After a practice try the page says where the answer differed, in plain sentences, and why."""

from html import unescape
from re import sub

import pytest
from flask import render_template
from hypothesis import given

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.schemas.span_highlight import SpanHighlightKey
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.item_strategies import span_highlight_items
from tests.assessments.web_items.item_pages import Site, make_app
from tests.assessments.web_items.sample_items import (
    CHOICE,
    CHOICE_KEY,
    CLAIM,
    CLAIM_KEY,
    ENGLISH,
    ENGLISH_KEY,
    MANY,
    MANY_KEY,
    RUBRIC,
    RUBRIC_KEY,
    SOUND_KEY,
)

TEMPTATIONS = {"a": "It reads like one fact.", "supported": "The year stands there.", "made-up": "Domes are heavy."}
SOURCE = {"author": "A. Author", "title": "A Title", "year": 1999, "url": "javascript:alert(1)"}


@pytest.fixture(scope="module")
def tell():
    app = make_app(Site([]))

    def render(name, content, key, raw):
        kind, view = ITEM_TYPES[name], ITEM_VIEWS[name]
        response = kind.response.model_validate(raw)
        score = kind.score(content, key, response)
        with app.test_request_context():
            html = render_template(
                view.feedback_template,
                content=content,
                key=key,
                response=response,
                score=score,
                feedback=view.feedback(content, key, response, score),
                rationale="Because it is so.",
                sources=[SOURCE],
                temptations=TEMPTATIONS,
            )
        assert "javascript:" not in html
        return " ".join(unescape(sub(r"<[^>]+>", " ", html)).split())

    return render


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("choice", CHOICE, CHOICE_KEY),
        ("choice", MANY, MANY_KEY),
        ("claim-verdict", CLAIM, CLAIM_KEY),
        ("span-highlight", ENGLISH, ENGLISH_KEY),
        ("span-highlight", ENGLISH, SOUND_KEY),
        ("rubric-score", RUBRIC, RUBRIC_KEY),
    ],
)
def test_a_full_answer_is_right_and_nothing_tempts(tell, name, content, key):
    text = tell(name, content, key, ITEM_TYPES[name].full_response(content, key).model_dump())

    assert text.startswith("Right 100 % of the points")
    assert "Because it is so." in text
    assert "tempts" not in text


def test_a_wrong_option_is_told_with_the_right_one_and_why_it_tempts(tell):
    text = tell("choice", CHOICE, CHOICE_KEY, {"choices": ["a"]})

    assert text.startswith("Not right 0 % of the points The experts chose: The mill was built in 1820. The mill burned")
    assert "You chose: The mill was built in 1820 and burned down in 1891." in text
    assert "It reads like one fact." in text


def test_missed_and_extra_options_are_told_apart(tell):
    text = tell("choice", MANY, MANY_KEY, {"choices": ["a", "c"]})

    assert "You left out what the experts ticked: The mill was built in 1820. The mill burned down in 1891." in text
    assert "You ticked what the experts did not: A mill existed." in text


def test_a_wrong_verdict_held_with_confidence_is_told(tell):
    text = tell("claim-verdict", CLAIM, CLAIM_KEY, {"label": "supported", "evidence": [1], "confidence": 0.9})

    assert "The experts’ verdict: Contradicted. Yours: Supported." in text
    assert "You left out a passage that decides it: 2." in text
    assert "You selected a passage that does not decide it: 1." in text
    assert "You were 90 % sure of a verdict that no expert shares." in text
    assert "The year stands there." in text


def test_a_right_verdict_is_right_even_when_confidence_costs_a_little(tell):
    text = tell("claim-verdict", CLAIM, CLAIM_KEY, {"label": "contradicted", "evidence": [2], "confidence": 0.7})

    assert text.startswith("Right 98 % of the points")
    assert "you could have trusted your reading more" in text


def test_each_error_says_whether_it_was_found(tell):
    spans = [
        {"start": 26, "end": 32, "category": "wrong-number"},
        {"start": 50, "end": 54, "category": "made-up"},
    ]

    text = tell("span-highlight", ENGLISH, ENGLISH_KEY, {"spans": spans})

    assert "Vienna , Wrong person, place or thing . You marked it as: Wrong number or date." in text
    assert "You missed it." in text
    assert "You marked what the experts find sound: 3 dome , Not in the source" in text
    assert "Domes are heavy." in text


def test_a_mark_far_wider_than_the_error_is_told(tell):
    wide = {"spans": [{"start": 0, "end": 40, "category": "wrong-number"}]}

    text = tell("span-highlight", ENGLISH, ENGLISH_KEY, wide)

    assert "marked more around it than is wrong" in text


NESTED_KEY = SpanHighlightKey.model_validate(
    {
        "spans": [
            {"start": 16, "end": 40, "category": "made-up"},
            {"start": 26, "end": 32, "category": "wrong-entity"},
        ],
        "accepted": [[{"start": 23, "end": 32, "category": "wrong-entity"}]],
    }
)


def test_an_error_inside_a_larger_one_is_missed_until_it_is_named(tell):
    only_outer = tell(
        "span-highlight", ENGLISH, NESTED_KEY, {"spans": [{"start": 16, "end": 40, "category": "made-up"}]}
    )
    assert "opened in Vienna in 1921 , Not in the source . You found it." in only_outer
    assert "Vienna , Wrong person, place or thing . You missed it." in only_outer

    both = [{"start": 16, "end": 40, "category": "made-up"}, {"start": 26, "end": 32, "category": "wrong-entity"}]
    assert "You missed it." not in tell("span-highlight", ENGLISH, NESTED_KEY, {"spans": both})


def test_a_wrong_category_beside_the_right_one_is_told(tell):
    both = [{"start": 26, "end": 32, "category": category} for category in ("wrong-entity", "wrong-number")]

    text = tell("span-highlight", ENGLISH, ENGLISH_KEY, {"spans": both})

    assert "You found it, and also marked it as: Wrong number or date." in text


def test_marks_are_compared_with_the_accepted_set_that_is_nearest(tell):
    text = tell(
        "span-highlight", ENGLISH, NESTED_KEY, {"spans": [{"start": 23, "end": 32, "category": "wrong-entity"}]}
    )

    assert text.startswith("Right 100 % of the points")
    assert "in Vienna , Wrong person, place or thing . You found it." in text
    assert "Not in the source" not in text
    assert "more than one way to draw these boundaries" in text


@given(span_highlight_items())
def test_a_full_answer_differs_in_nothing_whatever_overlaps(item):
    content, key, _ = item
    kind, view = ITEM_TYPES["span-highlight"], ITEM_VIEWS["span-highlight"]
    full = kind.full_response(content, key)

    told = view.feedback(content, key, full, kind.score(content, key, full))

    assert [error.difference for error in told["errors"]] == ["none"] * len(key.spans)
    assert told["extra"] == []


def test_where_points_came_from_is_told_without_the_places():
    kind, view = ITEM_TYPES["span-highlight"], ITEM_VIEWS["span-highlight"]
    spans = [
        {"start": 26, "end": 32, "category": "made-up"},
        {"start": 50, "end": 54, "category": "made-up"},
        {"start": 58, "end": 60, "category": "made-up"},
    ]
    result = kind.score(ENGLISH, ENGLISH_KEY, kind.response.model_validate({"spans": spans}))

    with make_app(Site([])).test_request_context():
        said = view.explain(ENGLISH, result.parts)
        sound = view.explain(ENGLISH, kind.score(ENGLISH, SOUND_KEY, kind.response()).parts)

    assert said == ["1 of 2 spans found", "1 category wrong", "2 extra spans", "1 critical span missed"]
    assert sound == []


def test_levels_are_told_as_too_high_too_low_or_missing(tell):
    text = tell("rubric-score", RUBRIC, RUBRIC_KEY, {"levels": {"faithfulness": 4}})

    assert "The experts gave level 2. You gave 4, which is too high." in text
    assert "The experts did not all agree: level 1 by 75 %, level 2 by 25 %. You gave no level." in text
    assert "Level 2: Descriptor 2 of faithfulness." in text
