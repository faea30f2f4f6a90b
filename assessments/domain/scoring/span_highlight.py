"""Scores marked spans: where the errors are, of what category, and whether a critical one was missed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.marked_errors import errors_meant, place
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
from assessments.domain.scores import ItemScore, Part, weigh
from assessments.domain.stretches import Stretch, core, halo, merge, overlap, size

FIRST_SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)


def score(content: SpanHighlightContent, key: SpanHighlightKey, response: SpanHighlightResponse) -> ItemScore:
    """Return location * (7/10 + 3/10 category), halved when a critical span was missed.

    Boundaries may be off by the key's tolerance t. The core of a faulty span is the span without t characters at
    both ends (its middle one or two characters always remain), its halo the span with t characters more at both ends.

    Location: the character F1, corrected so that marking the whole text earns 0:
    max(0, (F1 - F_all) / (1 - F_all)), where F_all is the F1 of marking everything. F1 is the harmonic mean of
    recall (the share of core characters that are marked) and precision (the share of marked characters in a halo).
    Where spans or marks overlap, a character counts once.

    Category: the mean over the core characters that were marked of right / max(given, due): of the categories
    marked there, how many are due; over how many are marked or how many are due, whichever is more. Due are the
    categories of all spans whose core holds the character. A category in whose halo alone it lies is neither right
    nor wrong there. A wrong second category on the same characters thus halves their credit: to name both is worth no
    more than to guess one of them.

    A critical span is missed when less than half of its core is marked; characters of the core where other
    categories are due as well count only when they carry its own.

    If further sets of spans are accepted, the best of them counts. A text without errors earns 1 for the statement
    that it has none, else 0. Keys whose halos cover the whole text are refused, so 1 - F_all is never 0.

    Sources: F1 over character offsets, Da San Martino et al. (2019), doi:10.18653/v1/D19-1565, and Pavlopoulos et
    al. (2021), doi:10.18653/v1/2021.semeval-1.6; the correction has the form of Cohen (1960), Educ. Psychol. Meas.
    20(1), 37-46, doi:10.1177/001316446002000104. The tolerance, the credit for categories, the weights and the
    halving are ours.
    """
    if not key.spans:
        return weigh(Part("no-errors", Fraction(response.no_errors), Fraction(1)))
    return _score_against(nearest_errors(content, key, response), content, key, response)


def nearest_errors(
    content: SpanHighlightContent, key: SpanHighlightKey, response: SpanHighlightResponse
) -> tuple[KeySpan, ...]:
    """Return the accepted set of spans against which the response earns most; of equal ones, the first."""
    if len(key.acceptable) == 1:
        return key.spans
    return max(key.acceptable, key=lambda errors: _score_against(errors, content, key, response).points)


def character_f1(gold: Iterable[Stretch], marked: Iterable[Stretch], *, length: int, tolerance: int) -> Fraction:
    """Return the F1 of marked against gold characters in a text of `length` code points, 0 to 1.

    Boundaries may be off by `tolerance` code points: recall counts the core of each gold stretch
    (shrunk at both ends), precision forgives its halo (widened at both ends). F1 is their harmonic
    mean; it is 1 when both are empty and 0 when only one is. Stretches may overlap; a character counts once.

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
    """Return the raw key whose answer is this response; a span that was critical before stays so.

    Accepted sets stay, but a text without errors has none.
    """
    before = [span for span in key.get("spans") or () if isinstance(span, Mapping)]
    critical = {(span.get("start"), span.get("end")) for span in before if span.get("critical")}
    plain = {_identity(span) for span in before if not span.get("critical")}
    spans = [
        {**span, "critical": (span["start"], span["end"]) in critical and _identity(span) not in plain}
        for span in (span.model_dump() for span in response.spans)
    ]
    kept = key if spans else {name: value for name, value in key.items() if name != "accepted"}
    return {**kept, "spans": spans}


def wrong_answers(content: SpanHighlightContent, key: SpanHighlightKey) -> None:
    """There are too many ways to mark a text wrongly to list them."""


def simple_strategies(content: SpanHighlightContent) -> dict[str, SpanHighlightResponse]:
    """Return the markings of someone who has not read the text, by name of the strategy."""
    length = len(content.text)
    sentence = FIRST_SENTENCE.match(content.text)
    first = content.categories[:1]
    return {
        "mark nothing, state no errors": SpanHighlightResponse(no_errors=True),
        "mark everything as the first category": _mark(first, length),
        "mark everything as every category": _mark(content.categories, length),
        "mark the first sentence as the first category": _mark(first, sentence.end() if sentence else length),
    }


def _mark(categories: Iterable[Category], end: int) -> SpanHighlightResponse:
    return SpanHighlightResponse(spans=tuple(Span(start=0, end=end, category=c.id) for c in categories))


def _identity(span: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return span.get("start"), span.get("end"), span.get("category")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters between two edges: the categories due there, those whose halo reaches there, and those given."""

    stretch: Stretch
    due: frozenset[str]
    near: frozenset[str]
    given: frozenset[str]

    @property
    def size(self) -> int:
        return self.stretch[1] - self.stretch[0]

    @property
    def credit(self) -> Fraction:
        hits = len(self.given & self.due)
        wrong = len(self.given - self.due - self.near)
        return Fraction(hits, max(hits + wrong, len(self.due)))

    def shows(self, category: str) -> bool:
        """Whether the marks here tell of an error of this category; of one alone, any mark does."""
        return category in self.given if len(self.due) > 1 else bool(self.given)


def _score_against(
    errors: Sequence[KeySpan], content: SpanHighlightContent, key: SpanHighlightKey, response: SpanHighlightResponse
) -> ItemScore:
    length = len(content.text)
    location = _location(_stretches(errors), _stretches(response.spans), length, key.tolerance)
    pieces = list(_cut(errors, response.spans, length, key.tolerance))
    category = location * _category_credit(pieces) if location else location
    missed = [error for error in errors if _is_missed(error, pieces, key.tolerance)]
    counts = _count(errors, missed, response.spans, length, key.tolerance)
    share = Fraction(1, 2) if counts["critical_missed"] else Fraction(1)
    parts = [
        Part("location", location, Fraction(7, 10) * share, counts),
        Part("category", category, Fraction(3, 10) * share),
    ]
    if counts["critical_missed"]:
        parts.append(Part("critical-spans", Fraction(0), Fraction(1, 2)))
    return weigh(*parts)


def _location(gold: list[Stretch], marks: list[Stretch], length: int, tolerance: int) -> Fraction:
    ours = character_f1(gold, marks, length=length, tolerance=tolerance)
    everything = character_f1(gold, [(0, length)], length=length, tolerance=tolerance)
    return max(Fraction(0), (ours - everything) / (1 - everything))


def _cut(errors: Sequence[KeySpan], marks: Iterable[Span], length: int, tolerance: int) -> Iterator[_Piece]:
    due = [(core(place(error), tolerance), error.category) for error in errors]
    near = [(halo(place(error), tolerance, length), error.category) for error in errors]
    given = [(place(mark), mark.category) for mark in marks]
    edges = sorted({edge for stretch, _ in (*due, *near, *given) for edge in stretch})
    for start, end in pairwise(edges):
        yield _Piece((start, end), _names_at(start, due), _names_at(start, near), _names_at(start, given))


def _names_at(offset: int, named: Iterable[tuple[Stretch, str]]) -> frozenset[str]:
    return frozenset(name for (start, end), name in named if start <= offset < end)


def _category_credit(pieces: Iterable[_Piece]) -> Fraction:
    located = [piece for piece in pieces if piece.due and piece.given]
    earned = sum((piece.credit * piece.size for piece in located), Fraction(0))
    return earned / sum(piece.size for piece in located)


def _is_missed(error: KeySpan, pieces: Iterable[_Piece], tolerance: int) -> bool:
    middle = core(place(error), tolerance)
    shown = [piece.stretch for piece in pieces if piece.shows(error.category)]
    return 2 * overlap([middle], shown) < size([middle])


def _count(
    errors: Sequence[KeySpan], missed: Sequence[KeySpan], marks: Sequence[Span], length: int, tolerance: int
) -> dict[str, int]:
    meant = [errors_meant(mark, errors, tolerance=tolerance, length=length) for mark in marks]
    return {
        "found": len(errors) - len(missed),
        "right": len(errors),
        "wrong_category": sum(
            bool(here) and here[0].category != mark.category for here, mark in zip(meant, marks, strict=True)
        ),
        "extra": sum(not here for here in meant),
        "critical_missed": sum(error.critical for error in missed),
    }


def _stretches(spans: Iterable[Span]) -> list[Stretch]:
    return [place(span) for span in spans]


_TEXT = "The bridge opened in 1937. It was designed by Clara Weiss and cost 35 million dollars."
_CONTENT = SpanHighlightContent(
    prompt="Mark.",
    text=_TEXT,
    categories=tuple(
        Category(id=name, title=title, rule="A rule.")
        for name, title in (
            ("wrong-number", "Wrong number"),
            ("wrong-entity", "Wrong name"),
            ("unsupported", "Unsupported"),
        )
    ),
)
_NAME = KeySpan(start=46, end=57, category="wrong-entity")
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
            _CONTENT,
            SpanHighlightKey(spans=(KeySpan(start=21, end=25, category="wrong-number", critical=True), _NAME)),
            SpanHighlightResponse(
                spans=(
                    Span(start=18, end=25, category="wrong-number"),
                    Span(start=52, end=57, category="unsupported"),
                )
            ),
        ),
        WorkedExample(
            "Nobody is said to have designed it, and the name is wrong besides; only the larger error is marked",
            _CONTENT,
            SpanHighlightKey(spans=(KeySpan(start=34, end=57, category="unsupported"), _NAME)),
            SpanHighlightResponse(spans=(Span(start=34, end=57, category="unsupported"),)),
        ),
    ),
)
