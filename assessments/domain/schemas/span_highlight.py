"""Span highlight: mark the faulty spans of a text and name the category of each error.

Offsets count Unicode code points from 0; `end` is exclusive, as in a Python slice.
"""

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
from assessments.domain.stretches import halo, merge, size

Offset = Annotated[int, Field(ge=0, le=8000)]


class Category(Shape):
    """An error category, with the rule that decides when it applies."""

    id: Identifier
    title: Line
    rule: Text


class SpanHighlightContent(Content):
    """The text to mark, what it is compared with, and the error categories on offer."""

    prompt: Text
    reference_title: Line | None = None
    reference: Text | None = None
    text: Text
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=8)]

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


class SpanHighlightKey(Key):
    """The faulty spans (none when the text is sound) and the boundary tolerance in code points."""

    spans: Annotated[tuple[KeySpan, ...], Field(max_length=20)] = ()
    tolerance: Annotated[int, Field(ge=0, le=20)] = 3


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
    """Raise InvalidKey for spans outside the text, overlapping ones, unknown categories, or no sound text.

    Where the spans and their tolerance cover everything, marking everything would be right.
    """
    _check_spans(content, key.spans, InvalidKey)
    length = len(content.text)
    if size(merge(halo((span.start, span.end), key.tolerance, length) for span in key.spans)) == length:
        raise InvalidKey(
            f"the spans and their tolerance of {key.tolerance} cover the whole text; "
            "some of it must be sound, or marking everything would be right"
        )


def check_response(content: SpanHighlightContent, response: SpanHighlightResponse) -> None:
    """Raise InvalidResponse for spans outside the text, overlapping ones, or unknown categories."""
    _check_spans(content, response.spans, InvalidResponse)


def _check_spans(
    content: SpanHighlightContent, spans: tuple[Span, ...], error: type[InvalidKey] | type[InvalidResponse]
) -> None:
    length = len(content.text)
    known = {category.id for category in content.categories}
    last_end = 0
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if span.end > length:
            raise error(f"span {span.start} to {span.end} lies outside the text of {length} characters")
        if span.category not in known:
            raise error(f"unknown category {echo(span.category)}; the categories are {', '.join(sorted(known))}")
        if span.start < last_end:
            raise error(f"span {span.start} to {span.end} overlaps the one before it, which ends at {last_end}")
        last_end = span.end
