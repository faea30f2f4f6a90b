"""Feedback on marked spans: what was found, missed, named wrongly, cut short or wide, marked without need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.marked_errors import errors_meant, place
from assessments.domain.schemas.span_highlight import (
    KeySpan,
    Span,
    SpanHighlightContent,
    SpanHighlightKey,
    SpanHighlightResponse,
)
from assessments.domain.scores import ItemScore, Part
from assessments.domain.scoring.span_highlight import nearest_errors
from assessments.domain.stretches import core, halo, merge, overlap, size
from assessments.web.feedback.verdicts import verdict_of
from assessments.web.views.span_layers import fitting_spans, kinds_of, lanes_of, segments


class Difference(StrEnum):
    """How the marks stand to one error that the experts marked; ALSO: rightly, and as something else besides."""

    NONE = "none"
    MISSED = "missed"
    CATEGORY = "category"
    ALSO = "also"
    SHORT = "short"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class ErrorFeedback:
    """One error of the text, its category and number, and how it was marked; `given` are the wrong categories."""

    quote: str
    category: str
    number: int
    is_critical: bool
    difference: Difference
    given: list[str]


@dataclass(frozen=True, slots=True)
class ExtraMark:
    """A mark where the experts see no error."""

    quote: str
    category_id: str
    category: str
    number: int


def feedback(
    content: SpanHighlightContent, key: SpanHighlightKey, response: SpanHighlightResponse, score: ItemScore
) -> dict[str, object]:
    """Return what the marks are compared with and how they differ, against the accepted set that is nearest.

    `verdict`; the `errors` of the text with what differed; the `extra` marks; `segments` and `lanes`, the text with
    the experts' marks; `has_other_sets`, whether other boundaries are accepted too.
    """
    errors = nearest_errors(content, key, response)
    titles = {category.id: category.title for category in content.categories}
    numbers = kinds_of(content)
    meant = [errors_meant(m, errors, tolerance=key.tolerance, length=len(content.text)) for m in response.spans]
    drawn = fitting_spans(content, [error.model_dump() for error in errors])
    return {
        "verdict": verdict_of(score.points),
        "errors": [
            _compare(content, key.tolerance, error, _meaning(error, errors, response.spans, meant), titles)
            for error in sorted(errors, key=lambda error: (error.start, -error.end))
        ],
        "extra": [
            ExtraMark(content.text[mark.start : mark.end], mark.category, titles[mark.category], numbers[mark.category])
            for mark, here in zip(response.spans, meant, strict=True)
            if not here
        ],
        "segments": segments(content, drawn),
        "lanes": max(lanes_of(drawn), default=0) + 1,
        "has_other_sets": len(key.acceptable) > 1,
    }


@dataclass(frozen=True, slots=True)
class _Meaning:
    """The marks that mean an error: of its category, and of another; and all errors of its category."""

    right: list[Span]
    wrong: list[Span]
    alike: list[KeySpan]


def _meaning(
    error: KeySpan, errors: Sequence[KeySpan], marks: Sequence[Span], meant: Sequence[Sequence[KeySpan]]
) -> _Meaning:
    here = [
        mark
        for mark, its_errors in zip(marks, meant, strict=True)
        if error in its_errors and overlap([place(mark)], [place(error)])
    ]
    return _Meaning(
        right=[mark for mark in here if mark.category == error.category],
        wrong=[mark for mark in here if mark.category != error.category],
        alike=[other for other in errors if other.category == error.category],
    )


def _compare(
    content: SpanHighlightContent, tolerance: int, error: KeySpan, meaning: _Meaning, titles: Mapping[str, str]
) -> ErrorFeedback:
    return ErrorFeedback(
        quote=content.text[error.start : error.end],
        category=titles[error.category],
        number=kinds_of(content)[error.category],
        is_critical=error.critical,
        difference=_difference(error, meaning, tolerance, len(content.text)),
        given=list(dict.fromkeys(titles[mark.category] for mark in meaning.wrong)),
    )


def _difference(error: KeySpan, meaning: _Meaning, tolerance: int, length: int) -> Difference:
    if not meaning.right:
        return Difference.CATEGORY if meaning.wrong else Difference.MISSED
    if meaning.wrong:
        return Difference.ALSO
    marks = merge(place(mark) for mark in meaning.right)
    middle = core(place(error), tolerance)
    if overlap([middle], marks) < size([middle]):
        return Difference.SHORT
    around = merge(halo(place(other), tolerance, length) for other in meaning.alike)
    return Difference.NONE if overlap(around, marks) == size(marks) else Difference.WIDE


def explain(content: SpanHighlightContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying where the errors are."""
    counts = {name: count for part in parts for name, count in part.counts.items()}
    if "right" not in counts:
        return []
    said = [_("%(found)s of %(right)s spans found", found=counts["found"], right=counts["right"])]
    if counts["wrong_category"]:
        said.append(ngettext("%(num)s category wrong", "%(num)s categories wrong", counts["wrong_category"]))
    if counts["extra"]:
        said.append(ngettext("%(num)s extra span", "%(num)s extra spans", counts["extra"]))
    if counts["critical_missed"]:
        said.append(
            ngettext("%(num)s critical span missed", "%(num)s critical spans missed", counts["critical_missed"])
        )
    return said
