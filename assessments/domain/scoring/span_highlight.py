"""Scores marked spans: where the errors are, of what category, and whether a critical one was missed."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
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
from assessments.domain.scores import ItemScore, Part, nothing, weigh
from assessments.domain.stretches import Stretch, core, halo, merge, overlap, size

WEIGHTS = {"location": Fraction(7, 10), "category": Fraction(3, 10)}
FIRST_SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)


def score(content: SpanHighlightContent, key: SpanHighlightKey, response: SpanHighlightResponse) -> ItemScore:
    """Return location * (7/10 + 3/10 category), halved when a critical span was missed.

    Location: the character F1, corrected so that marking the whole text earns 0:
    max(0, (F1 - F_all) / (1 - F_all)), where F_all is the F1 of marking everything.
    Category: of the core characters that were marked, the share that carries the right category.
    A critical span is missed when less than half of its core is marked.
    A text without errors earns 1 for the statement that it has none, else 0.

    The key must have passed `check_key`, so that some of the text lies outside every halo.

    Sources: `character_f1`; the correction has the form of Cohen (1960), Educ. Psychol. Meas.
    20(1), 37-46, doi:10.1177/001316446002000104.
    """
    if not key.spans:
        return weigh(Part("no-errors", Fraction(response.no_errors), Fraction(1)))
    marks = _stretches(response.spans)
    location = _location(_stretches(key.spans), marks, len(content.text), key.tolerance)
    if not location:
        return nothing(WEIGHTS)
    category = location * _category_credit(key, response)
    if not any(_is_missed(span, marks, key.tolerance) for span in key.spans if span.critical):
        return weigh(Part("location", location, WEIGHTS["location"]), Part("category", category, WEIGHTS["category"]))
    return weigh(
        Part("location", location, WEIGHTS["location"] / 2),
        Part("category", category, WEIGHTS["category"] / 2),
        Part("critical-spans", Fraction(0), Fraction(1, 2)),
    )


def character_f1(gold: Iterable[Stretch], marked: Iterable[Stretch], *, length: int, tolerance: int) -> Fraction:
    """Return the F1 of marked against gold characters in a text of `length` code points, 0 to 1.

    Boundaries may be off by `tolerance` code points: recall counts the core of each gold stretch
    (shrunk at both ends), precision forgives its halo (widened at both ends). F1 is their harmonic
    mean; it is 1 when both are empty and 0 when only one is.

    Source: F1 over character offsets, Da San Martino et al. (2019), doi:10.18653/v1/D19-1565, and
    Pavlopoulos et al. (2021), doi:10.18653/v1/2021.semeval-1.6; the tolerance is ours.
    """
    stretches = list(gold)
    cores = merge(core(stretch, tolerance) for stretch in stretches)
    halos = merge(halo(stretch, tolerance, length) for stretch in stretches)
    marks = merge(marked)
    if not cores or not marks:
        return Fraction(not cores and not marks)
    recall = Fraction(overlap(cores, marks), size(cores))
    precision = Fraction(overlap(halos, marks), size(marks))
    return 2 * precision * recall / (precision + recall) if recall else Fraction(0)


def full_response(content: SpanHighlightContent, key: SpanHighlightKey) -> SpanHighlightResponse:
    """Return a response that earns full score: the key's spans, or the statement that there are none."""
    spans = tuple(Span(start=span.start, end=span.end, category=span.category) for span in key.spans)
    return SpanHighlightResponse(spans=spans, no_errors=not spans)


def key_with(content: SpanHighlightContent, response: SpanHighlightResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response; a span that was critical before stays so."""
    critical = {(span["start"], span["end"]) for span in key.get("spans") or () if span.get("critical")}
    spans = [{**span.model_dump(), "critical": (span.start, span.end) in critical} for span in response.spans]
    return {**key, "spans": spans}


def wrong_answers(content: SpanHighlightContent, key: SpanHighlightKey) -> None:
    """There are too many ways to mark a text wrongly to list them."""


def simple_strategies(content: SpanHighlightContent) -> dict[str, SpanHighlightResponse]:
    """Return the markings of someone who has not read the text, by name of the strategy."""
    sentence = FIRST_SENTENCE.match(content.text)
    return {
        "mark nothing, state no errors": SpanHighlightResponse(no_errors=True),
        "mark everything as the first category": _mark(content, len(content.text)),
        "mark the first sentence as the first category": _mark(
            content, sentence.end() if sentence else len(content.text)
        ),
    }


def _mark(content: SpanHighlightContent, end: int) -> SpanHighlightResponse:
    return SpanHighlightResponse(spans=(Span(start=0, end=end, category=content.categories[0].id),))


def _location(gold: list[Stretch], marks: list[Stretch], length: int, tolerance: int) -> Fraction:
    ours = character_f1(gold, marks, length=length, tolerance=tolerance)
    everything = character_f1(gold, [(0, length)], length=length, tolerance=tolerance)
    return max(Fraction(0), (ours - everything) / (1 - everything))


def _category_credit(key: SpanHighlightKey, response: SpanHighlightResponse) -> Fraction:
    located = right = 0
    for span in key.spans:
        middle = [core((span.start, span.end), key.tolerance)]
        located += overlap(middle, _stretches(response.spans))
        fitting = (mark for mark in response.spans if mark.category == span.category)
        right += overlap(middle, _stretches(fitting))
    return Fraction(right, located)


def _is_missed(span: KeySpan, marks: list[Stretch], tolerance: int) -> bool:
    middle = [core((span.start, span.end), tolerance)]
    return 2 * overlap(middle, marks) < size(middle)


def _stretches(spans: Iterable[Span]) -> list[Stretch]:
    return [(span.start, span.end) for span in spans]


_TEXT = "The bridge opened in 1937. It was designed by Clara Weiss and cost 35 million dollars."
_CATEGORIES = tuple(
    Category(id=name, title=title, rule="A rule.")
    for name, title in (
        ("wrong-number", "Wrong number"),
        ("wrong-entity", "Wrong name"),
        ("unsupported", "Unsupported"),
    )
)
TYPE = ItemType(
    name="span-highlight",
    title="Span highlight",
    task="Mark the faulty stretches of a text and say what is wrong with each.",
    content=SpanHighlightContent,
    key=SpanHighlightKey,
    response=SpanHighlightResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "The year and the name are wrong; the year is marked a little wide, half the name as the wrong kind",
            SpanHighlightContent(prompt="Mark.", text=_TEXT, categories=_CATEGORIES),
            SpanHighlightKey(
                spans=(
                    KeySpan(start=21, end=25, category="wrong-number", critical=True),
                    KeySpan(start=46, end=57, category="wrong-entity"),
                )
            ),
            SpanHighlightResponse(
                spans=(
                    Span(start=18, end=25, category="wrong-number"),
                    Span(start=52, end=57, category="unsupported"),
                )
            ),
        ),
    ),
)
