"""Span highlight: keys, responses and points."""

from fractions import Fraction

import pytest
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.parts import Category
from assessments.domain.schemas.span_highlight import (
    KeySpan,
    Span,
    SpanHighlightContent,
    SpanHighlightKey,
    SpanHighlightResponse,
    check_key,
    check_response,
)
from assessments.domain.scoring.span_highlight import key_with, nearest_errors, score, simple_strategies
from tests.assessments.item_strategies import CATEGORIES

TEXT = "It opened in 1921. It stands in Vienna, near the river."
CONTENT = SpanHighlightContent(
    prompt="Mark.",
    text=TEXT,
    categories=tuple(Category(id=name, title=name, rule="A rule.") for name in CATEGORIES),
)
YEAR, PLACE = (13, 17, "wrong-number"), (32, 38, "wrong-entity")
SENTENCE = (19, 54, "unsupported")  # holds the place


def make_key(*spans, tolerance: int = 0, critical: bool = False) -> SpanHighlightKey:
    return SpanHighlightKey(
        spans=tuple(KeySpan(start=s, end=e, category=c, critical=critical) for s, e, c in spans),
        tolerance=tolerance,
    )


def marks(*spans) -> SpanHighlightResponse:
    return SpanHighlightResponse(spans=tuple(Span(start=s, end=e, category=c) for s, e, c in spans))


def span(facts) -> dict[str, object]:
    return dict(zip(("start", "end", "category"), facts, strict=True))


def points(key, response):
    return score(CONTENT, key, response).points


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


def test_an_error_inside_a_larger_one_must_be_named_as_well():
    key = make_key(SENTENCE, PLACE)

    assert points(key, marks(SENTENCE, PLACE)) == 1
    # of 35 characters the 6 of the place are half right: they carry one of two categories
    assert points(key, marks(SENTENCE)) == Fraction(7, 10) + Fraction(3, 10) * Fraction(32, 35)
    assert points(key, marks(SENTENCE, (*PLACE[:2], "wrong-number"))) == points(key, marks(SENTENCE))


def test_overlapping_marks_count_a_character_once():
    key = make_key(PLACE)

    assert points(key, marks((32, 36, "wrong-entity"), (34, 38, "wrong-entity"))) == 1
    assert points(key, marks((32, 38, "wrong-entity"), (33, 37, "wrong-entity"))) == 1


def test_one_stretch_may_carry_two_categories():
    both = [PLACE, (*PLACE[:2], "unsupported")]

    assert points(make_key(*both), marks(*both)) == 1
    assert points(make_key(*both), marks(PLACE)) == Fraction(7, 10) + Fraction(3, 10) / 2
    assert points(make_key(PLACE), marks(*both)) == Fraction(7, 10) + Fraction(3, 10) / 2


def test_naming_every_category_is_worth_a_guess():
    every = marks(*((*PLACE[:2], category) for category in CATEGORIES))

    assert points(make_key(PLACE), every) == Fraction(7, 10) + Fraction(3, 10) / 3


def test_a_critical_error_inside_a_larger_one_is_missed_when_only_the_larger_is_named():
    key = SpanHighlightKey.model_validate(
        {"spans": [span(SENTENCE), {**span(PLACE), "critical": True}], "tolerance": 0}
    )
    plain = make_key(SENTENCE, PLACE)

    assert points(key, marks(SENTENCE)) == points(plain, marks(SENTENCE)) / 2
    assert points(key, marks(SENTENCE, PLACE)) == 1


def test_a_category_whose_error_ends_within_the_tolerance_is_neither_right_nor_wrong():
    key = make_key((10, 20, "unsupported"), (20, 30, "wrong-number"), tolerance=3)

    assert points(key, marks((10, 23, "unsupported"), (17, 30, "wrong-number"))) == 1
    assert points(key, marks((10, 25, "unsupported"), (17, 30, "wrong-number"))) < 1


def test_the_best_accepted_set_counts():
    key = make_key(PLACE).model_copy(
        update={"accepted": (make_key((29, 38, "wrong-entity")).spans, make_key(YEAR, PLACE).spans)}
    )

    assert points(key, marks(PLACE)) == points(key, marks((29, 38, "wrong-entity"))) == 1
    assert points(key, marks(YEAR, PLACE)) == 1
    assert points(make_key(PLACE), marks(YEAR, PLACE)) < 1
    assert nearest_errors(CONTENT, key, marks((28, 38, "wrong-entity"))) == key.accepted[0]
    assert nearest_errors(CONTENT, key, marks()) == key.spans


def test_counts_say_what_was_found_misnamed_extra_and_critical():
    key = make_key(YEAR, PLACE, (48, 53, "unsupported"), critical=True)
    given = marks(YEAR, (*PLACE[:2], "unsupported"), (0, 2, "unsupported"))

    assert score(CONTENT, key, given).parts[0].counts == {
        "found": 2,
        "right": 3,
        "wrong_category": 1,
        "extra": 1,
        "critical_missed": 1,
    }


def test_a_key_takes_over_marks_and_keeps_what_was_critical_and_its_other_fields():
    before = {"spans": [{**span(PLACE), "critical": True}, span(YEAR)], "tolerance": 5, "accepted": [[span(YEAR)]]}

    after = key_with(CONTENT, marks((*PLACE[:2], "unsupported"), YEAR), before)
    assert after == {
        "spans": [
            {**span((*PLACE[:2], "unsupported")), "critical": True},
            {**span(YEAR), "critical": False},
        ],
        "tolerance": 5,
        "accepted": [[span(YEAR)]],
    }
    assert key_with(CONTENT, SpanHighlightResponse(no_errors=True), before) == {"spans": [], "tolerance": 5}


def test_of_two_categories_on_one_stretch_only_the_critical_one_stays_so():
    other = (*PLACE[:2], "unsupported")
    before = {"spans": [{**span(PLACE), "critical": True}, {**span(other), "critical": False}]}

    after = key_with(CONTENT, marks(other, PLACE), before)
    assert [(s["category"], s["critical"]) for s in after["spans"]] == [("unsupported", False), ("wrong-entity", True)]


def test_the_first_sentence_is_a_simple_strategy_and_may_be_the_whole_text():
    unended = CONTENT.model_copy(update={"text": "No stop 3.5 here"})

    assert [s.spans for s in simple_strategies(CONTENT).values()] == [
        (),
        (Span(start=0, end=len(TEXT), category="wrong-number"),),
        tuple(Span(start=0, end=len(TEXT), category=category) for category in CATEGORIES),
        (Span(start=0, end=18, category="wrong-number"),),
    ]
    assert list(simple_strategies(unended).values())[3].spans[0].end == 16


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
        ([(1, 5, "unsupported"), (4, 8, "odd"), (4, 8, "odd")], "unknown category odd"),
        (
            [(1, 5, "unsupported"), (4, 8, "wrong-number"), (1, 5, "unsupported")],
            "span 1 to 5 is marked as unsupported 2 times; once is enough",
        ),
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


def test_accepted_sets_are_checked_like_the_key():
    for accepted, complaint in (((50, 60, "unsupported"), "outside"), ((0, 55, "unsupported"), "cover the whole text")):
        key = make_key(PLACE).model_copy(update={"accepted": (make_key(accepted).spans,)})
        with pytest.raises(InvalidKey, match=complaint):
            check_key(CONTENT, key)


def test_a_sound_text_accepts_no_spans_and_an_accepted_set_is_not_empty():
    with pytest.raises(ValidationError, match="a text without errors accepts no spans"):
        SpanHighlightKey(accepted=(make_key(PLACE).spans,))
    with pytest.raises(ValidationError, match="at least 1 item"):
        SpanHighlightKey(spans=make_key(PLACE).spans, accepted=((),))


def test_two_categories_must_not_share_an_id():
    with pytest.raises(ValidationError, match="category ids must differ"):
        SpanHighlightContent(prompt="Mark.", text=TEXT, categories=(CONTENT.categories[0],) * 2)
