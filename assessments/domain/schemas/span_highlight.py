"""Span highlight: mark the faulty spans of a text and name the category of each error.

Offsets count Unicode code points from 0; `end` is exclusive, as in a Python slice. Spans may overlap, lie inside
one another, and even cover the same stretch with two categories.
"""

from collections import Counter
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Line,
    Response,
    Shape,
    Text,
    echo,
)
from assessments.domain.schemas.parts import Category, check_ids_differ
from assessments.domain.stretches import halo, merge, size

Offset = Annotated[int, Field(ge=0, le=8000)]


class SpanHighlightContent(Content):
    """The text to mark, what it is compared with, and the error categories on offer."""

    prompt: Text
    reference_title: Line | None = None
    reference: Text | None = None
    text: Text
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("category", self.categories)
        return self

    @property
    def stem(self) -> str:
        return self.text


class Span(Shape):
    """A stretch of the text, `text[start:end]`, with the category of its error."""

    start: Offset
    end: Offset
    category: Identifier

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts, got {self.start} to {self.end}")
        return self


class KeySpan(Span):
    """A span that must be found; missing a critical one halves the item's score."""

    critical: bool = False


KeySpans = Annotated[tuple[KeySpan, ...], Field(max_length=20)]


class SpanHighlightKey(Key):
    """The faulty spans (none when the text is sound) and the boundary tolerance in code points.

    `accepted` holds further sets of spans that count as fully right, where experts draw the boundaries differently.
    """

    spans: KeySpans = ()
    accepted: Annotated[tuple[Annotated[KeySpans, Field(min_length=1)], ...], Field(max_length=16)] = ()
    tolerance: Annotated[int, Field(ge=0, le=20)] = 3

    @model_validator(mode="after")
    def _a_sound_text_has_no_errors_elsewhere(self) -> Self:
        if self.accepted and not self.spans:
            raise ValueError("a text without errors accepts no spans; state the errors in spans, or leave accepted out")
        return self

    @property
    def acceptable(self) -> tuple[tuple[KeySpan, ...], ...]:
        return (self.spans, *self.accepted)


class SpanHighlightResponse(Response):
    """The spans that the candidate marked, or the statement that the text has no error."""

    spans: Annotated[tuple[Span, ...], Field(max_length=50)] = ()
    no_errors: bool = False

    @model_validator(mode="after")
    def _no_errors_means_no_spans(self) -> Self:
        if self.no_errors and self.spans:
            raise ValueError('spans are marked and "no errors" is stated; only one of them can be meant')
        return self


def check_key(content: SpanHighlightContent, key: SpanHighlightKey) -> None:
    """Raise InvalidKey for spans outside the text, the same one twice, unknown categories, or no sound text.

    Where the spans of a set and their tolerance cover everything, marking everything would be right.
    """
    length = len(content.text)
    for spans in key.acceptable:
        _check_spans(content, spans, InvalidKey)
        if size(merge(halo((span.start, span.end), key.tolerance, length) for span in spans)) == length:
            raise InvalidKey(
                f"the spans and their tolerance of {key.tolerance} cover the whole text; "
                "some of it must be sound, or marking everything would be right"
            )


def check_response(content: SpanHighlightContent, response: SpanHighlightResponse) -> None:
    """Raise InvalidResponse for spans outside the text, the same one twice, or unknown categories."""
    _check_spans(content, response.spans, InvalidResponse)


def _check_spans(
    content: SpanHighlightContent, spans: tuple[Span, ...], error: type[InvalidKey] | type[InvalidResponse]
) -> None:
    length = len(content.text)
    known = {category.id for category in content.categories}
    for span in spans:
        if span.end > length:
            raise error(f"span {span.start} to {span.end} lies outside the text of {length} characters")
        if span.category not in known:
            raise error(f"unknown category {echo(span.category)}; the categories are {', '.join(sorted(known))}")
    times = Counter((span.start, span.end, span.category) for span in spans)
    for (start, end, category), count in times.items():
        if count > 1:
            raise error(f"span {start} to {end} is marked as {category} {count} times; once is enough")
