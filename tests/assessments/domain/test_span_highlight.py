"""Span highlight: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.span_highlight import (
    Category,
    KeySpan,
    Span,
    SpanHighlightContent,
    SpanHighlightKey,
    SpanHighlightResponse,
    check_key,
    check_response,
)
from assessments.domain.scoring.span_highlight import score, simple_strategies
from assessments.domain.stretches import core, halo
from tests.assessments.item_strategies import CATEGORIES, span_highlight_items

TEXT = "It opened in 1921. It stands in Vienna, near the river."
CONTENT = SpanHighlightContent(
    prompt="Mark.",
    text=TEXT,
    categories=tuple(Category(id=name, title=name, rule="A rule.") for name in CATEGORIES),
)
YEAR, PLACE = (13, 17, "wrong-number"), (32, 38, "wrong-entity")


def make_key(*spans, tolerance: int = 0, critical: bool = False) -> SpanHighlightKey:
    return SpanHighlightKey(
        spans=tuple(KeySpan(start=s, end=e, category=c, critical=critical) for s, e, c in spans),
        tolerance=tolerance,
    )


def marks(*spans) -> SpanHighlightResponse:
    return SpanHighlightResponse(spans=tuple(Span(start=s, end=e, category=c) for s, e, c in spans))


def points(key, response):
    return score(CONTENT, key, response).points


def owner(spans, position):
    return next((span.category for span in spans if span.start <= position < span.end), None)


@given(span_highlight_items())
def test_only_right_cores_in_right_halos_of_the_right_category_earn_1(item):
    content, key, response = item
    cores = {
        position: span.category
        for span in key.spans
        for position in range(*core((span.start, span.end), key.tolerance))
    }
    halos = {p for s in key.spans for p in range(*halo((s.start, s.end), key.tolerance, len(content.text)))}
    marked = {position for span in response.spans for position in range(span.start, span.end)}
    acceptable = response.no_errors
    if key.spans:
        acceptable = marked <= halos and all(owner(response.spans, p) == cores[p] for p in cores)

    assert (score(content, key, response).points == 1) == acceptable


@given(span_highlight_items(), st.sampled_from(CATEGORIES))
def test_marking_everything_earns_nothing(item, category):
    content, key, _ = item

    assert score(content, key, marks((0, len(content.text), category))).points == 0


@given(span_highlight_items())
def test_only_a_sound_text_rewards_the_statement_that_it_is_sound(item):
    content, key, _ = item

    assert score(content, key, SpanHighlightResponse(no_errors=True)).points == (not key.spans)


@given(span_highlight_items())
def test_a_wrong_category_put_right_never_costs(item):
    content, key, response = item
    right = tuple(
        span.model_copy(update={"category": owner(key.spans, (span.start + span.end) // 2) or span.category})
        for span in response.spans
    )
    assume({(s.start, s.end) for s in right} <= {(s.start, s.end) for s in key.spans})

    better = response.model_copy(update={"spans": right})
    assert score(content, key, better).points >= score(content, key, response).points


@given(span_highlight_items())
def test_a_span_found_never_costs(item):
    content, key, _ = item
    found = [(span.start, span.end, span.category) for span in key.spans]
    earned = [score(content, key, marks(*found[:count])).points for count in range(1, len(found) + 1)]

    assert earned == sorted(earned)


@given(span_highlight_items())
def test_a_mark_outside_every_halo_taken_back_never_costs(item):
    content, key, response = item
    halos = {p for s in key.spans for p in range(*halo((s.start, s.end), key.tolerance, len(content.text)))}
    kept = tuple(span for span in response.spans if not halos.isdisjoint(range(span.start, span.end)))

    better = response.model_copy(update={"spans": kept})
    assert not key.spans or score(content, key, better).points >= score(content, key, response).points


def test_boundaries_may_be_off_by_the_tolerance():
    key = make_key(PLACE, tolerance=2)

    assert points(key, marks((30, 40, "wrong-entity"))) == 1
    assert points(key, marks((34, 36, "wrong-entity"))) == 1
    assert points(key, marks((29, 40, "wrong-entity"))) < 1
    assert points(key, marks((35, 36, "wrong-entity"))) < 1


def test_a_wrong_category_keeps_seven_tenths():
    assert points(make_key(PLACE), marks((*PLACE[:2], "unsupported"))) == Fraction(7, 10)


def test_a_critical_span_missed_halves_the_points():
    plain = points(make_key(YEAR, PLACE), marks(YEAR))

    assert 0 < plain < 1
    assert points(make_key(YEAR, PLACE, critical=True), marks(YEAR)) == plain / 2


def test_half_of_a_critical_span_is_enough_to_have_found_it():
    key = make_key(PLACE, critical=True)

    assert points(key, marks((32, 35, "wrong-entity"))) == points(make_key(PLACE), marks((32, 35, "wrong-entity")))
    assert points(key, marks((32, 34, "wrong-entity"))) < points(make_key(PLACE), marks((32, 34, "wrong-entity")))


def test_the_first_sentence_is_a_simple_strategy_and_may_be_the_whole_text():
    unended = CONTENT.model_copy(update={"text": "No stop 3.5 here"})

    assert [s.spans for s in simple_strategies(CONTENT).values()] == [
        (),
        (Span(start=0, end=len(TEXT), category="wrong-number"),),
        (Span(start=0, end=18, category="wrong-number"),),
    ]
    assert list(simple_strategies(unended).values())[2].spans[0].end == 16


def test_a_span_is_not_empty_and_no_errors_excludes_spans():
    with pytest.raises(ValidationError, match="end after it starts"):
        Span(start=3, end=3, category="unsupported")
    with pytest.raises(ValidationError, match="only one of them"):
        SpanHighlightResponse(spans=marks(YEAR).spans, no_errors=True)


@pytest.mark.parametrize(
    ("spans", "complaint"),
    [
        ([(50, 60, "unsupported")], "outside the text of 55"),
        ([(1, 2, "odd")], "unknown category odd"),
        ([(1, 5, "unsupported"), (4, 8, "unsupported")], "overlaps"),
    ],
)
def test_spans_that_do_not_fit_are_refused_in_keys_and_responses(spans, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(CONTENT, make_key(*spans))
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(CONTENT, marks(*spans))


def test_a_key_that_leaves_no_sound_text_is_refused():
    with pytest.raises(InvalidKey, match="cover the whole text"):
        check_key(CONTENT, make_key((3, 25, "unsupported"), (29, 52, "unsupported"), tolerance=3))
