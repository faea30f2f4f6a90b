"""Feedback on marked spans: what was found, missed, named wrongly, cut short or wide, marked without need."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.schemas.span_highlight import (
    KeySpan,
    Span,
    SpanHighlightContent,
    SpanHighlightKey,
    SpanHighlightResponse,
)
from assessments.domain.scores import ItemScore, Part
from assessments.domain.stretches import Stretch, core, halo, overlap, size
from assessments.web.feedback.verdicts import verdict_of


class Difference(StrEnum):
    """How the marks stand to one error that the experts marked."""

    NONE = "none"
    MISSED = "missed"
    CATEGORY = "category"
    SHORT = "short"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class ErrorFeedback:
    """One error of the text, its category, and how it was marked; `given` are the categories of those marks."""

    quote: str
    category: str
    is_critical: bool
    difference: Difference
    given: list[str]


@dataclass(frozen=True, slots=True)
class ExtraMark:
    """A mark where the experts see no error."""

    quote: str
    category_id: str
    category: str


def feedback(
    content: SpanHighlightContent, key: SpanHighlightKey, response: SpanHighlightResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, the `errors` of the text with what differed, and the `extra` marks."""
    errors = [_stretch(span) for span in key.spans]
    titles = {category.id: category.title for category in content.categories}
    return {
        "verdict": verdict_of(score.points),
        "errors": [_compare(content, key, span, response.spans, titles) for span in key.spans],
        "extra": [
            ExtraMark(content.text[mark.start : mark.end], mark.category, titles[mark.category])
            for mark in response.spans
            if not overlap([_stretch(mark)], errors)
        ],
    }


def _compare(
    content: SpanHighlightContent,
    key: SpanHighlightKey,
    span: KeySpan,
    marks: tuple[Span, ...],
    titles: dict[str, str],
) -> ErrorFeedback:
    touching = [mark for mark in marks if overlap([_stretch(mark)], [_stretch(span)])]
    return ErrorFeedback(
        quote=content.text[span.start : span.end],
        category=titles[span.category],
        is_critical=span.critical,
        difference=_difference(span, touching, key.tolerance, len(content.text)),
        given=[titles[mark.category] for mark in touching],
    )


def _difference(span: KeySpan, touching: list[Span], tolerance: int, length: int) -> Difference:
    if not touching:
        return Difference.MISSED
    if any(mark.category != span.category for mark in touching):
        return Difference.CATEGORY
    marks = [_stretch(mark) for mark in touching]
    middle = core(_stretch(span), tolerance)
    if overlap([middle], marks) < size([middle]):
        return Difference.SHORT
    return Difference.NONE if _is_within(marks, halo(_stretch(span), tolerance, length)) else Difference.WIDE


def _is_within(marks: list[Stretch], around: Stretch) -> bool:
    return all(around[0] <= start and end <= around[1] for start, end in marks)


def _stretch(span: Span) -> Stretch:
    return span.start, span.end


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
