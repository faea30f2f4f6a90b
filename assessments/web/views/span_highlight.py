"""Span highlight in the page: a text cut into marked stretches and numbered words, and rows to enter marks."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.span_highlight import (
    Category,
    SpanHighlightContent,
    SpanHighlightResponse,
)
from assessments.web.views.answers import raw_data
from assessments.web.views.span_rows import read_rows, rows_of
from assessments.web.views.words import words_of

Span = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as it must stand in the page; the first piece of a word carries its number."""

    text: Markup
    word: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: the words marked, and its category with the category's number in the list."""

    quote: str
    category: str
    number: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text under one mark, or under none."""

    pieces: tuple[Piece, ...]
    mark: Mark | None


def read_form(content: SpanHighlightContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states: the script's spans, or the rows where none ran."""
    raw: dict[str, object] = {"spans": _read_spans(content, form, prefix)}
    if form.get(f"{prefix}no_errors"):
        raw["no_errors"] = True
    return raw


def is_answered(response: SpanHighlightResponse) -> bool:
    """Whether anything is marked, or the text stated to have no error."""
    return bool(response.spans) or response.no_errors


def context(content: SpanHighlightContent, response: SpanHighlightResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: the text in `segments`, its `marks` and `spans`, `rows`, `no_errors`, `words`."""
    raw = raw_data(response)
    given = [span for span in _list(raw.get("spans")) if isinstance(span, dict)]
    fitting = fitting_spans(content, given)
    return {
        "segments": segments(content, fitting),
        "marks": [_mark(content, span) for span in fitting],
        "rows": rows_of(content.text, given),
        "spans": fitting,
        "no_errors": bool(raw.get("no_errors")),
        "words": len(words_of(content.text)),
    }


def fitting_spans(content: SpanHighlightContent, spans: Iterable[Span]) -> list[Span]:
    """Return the spans that can be shown in the text, in order; of two that overlap, the first."""
    known = {category.id for category in content.categories}
    fitting: list[Span] = []
    for span in sorted(filter(_has_offsets, spans), key=lambda span: (span["start"], span["end"])):
        last_end = fitting[-1]["end"] if fitting else 0
        if last_end <= span["start"] < span["end"] <= len(content.text) and str(span.get("category")) in known:
            fitting.append(span)
    return fitting


def segments(content: SpanHighlightContent, spans: list[Span]) -> list[Segment]:
    """Return the text cut at the marks, and inside at the words; joined again it is the text."""
    words = {start: number for number, (start, _) in enumerate(words_of(content.text), start=1)}
    edges = {edge for span in spans for edge in (span["start"], span["end"])}
    edges |= {edge for word in words_of(content.text) for edge in word} | {0, len(content.text)}
    owners = {offset: span for span in spans for offset in range(span["start"], span["end"])}
    pieces = [
        (owners.get(start), Piece(_dom(content.text[start:end]), words.get(start)))
        for start, end in pairwise(sorted(edges))
    ]
    return [
        Segment(tuple(piece for _, piece in group), _mark(content, owner) if owner else None)
        for owner, group in groupby(pieces, key=lambda pair: pair[0])
    ]


def _mark(content: SpanHighlightContent, span: Span) -> Mark:
    number, category = _category(content, span["category"])
    return Mark(content.text[span["start"] : span["end"]], category.title, number)


def _category(content: SpanHighlightContent, identifier: str) -> tuple[int, Category]:
    numbered = enumerate(content.categories, start=1)
    return next((number, category) for number, category in numbered if category.id == identifier)


def _dom(text: str) -> Markup:
    """Escaped so that the text of the page equals the text: a bare carriage return would be read as a line feed."""
    return escape(text).replace("\r", Markup("&#13;"))


def _read_spans(content: SpanHighlightContent, form: MultiDict[str, str], prefix: str) -> object:
    written = form.get(f"{prefix}spans", "")
    if not written:
        return read_rows(content.text, form, prefix)
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written


def _has_offsets(span: Span) -> bool:
    return isinstance(span.get("start"), int) and isinstance(span.get("end"), int)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
