"""Span highlight in the page: its form read, and the text with its marks, their list, and rows to enter marks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.span_highlight import SpanHighlightContent, SpanHighlightResponse
from assessments.web.views.answers import raw_data
from assessments.web.views.span_layers import Span, fitting_spans, kinds_of, lanes_of, segments
from assessments.web.views.span_rows import read_rows, rows_of
from assessments.web.views.words import words_of


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: the words marked, and its category with the category's number in the list."""

    quote: str
    category: str
    number: int


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
    """Return what the template shows: the text, its marks, and the rows to enter them.

    `segments` is the text under its marks, `lanes` how many lines run under it at most; `marks` and `spans` are what
    can be shown of the response; `rows`, `no_errors` and `words` (how many there are) make up the form.
    """
    raw = raw_data(response)
    given = [span for span in _list(raw.get("spans")) if isinstance(span, dict)]
    fitting = fitting_spans(content, given)
    return {
        "segments": segments(content, fitting),
        "lanes": max(lanes_of(fitting), default=0) + 1,
        "marks": [_mark(content, span) for span in fitting],
        "rows": rows_of(content.text, given),
        "spans": fitting,
        "no_errors": bool(raw.get("no_errors")),
        "words": len(words_of(content.text)),
    }


def _mark(content: SpanHighlightContent, span: Span) -> Mark:
    titles = {category.id: category.title for category in content.categories}
    name = span["category"]
    return Mark(content.text[span["start"] : span["end"]], titles[name], kinds_of(content)[name])


def _read_spans(content: SpanHighlightContent, form: MultiDict[str, str], prefix: str) -> object:
    written = form.get(f"{prefix}spans", "")
    if not written:
        return read_rows(content.text, form, prefix)
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
