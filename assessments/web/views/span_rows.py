"""Marks as rows of word numbers: how spans are entered and shown where no script runs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.web.views.answers import whole_number
from assessments.web.views.words import Word, words_in, words_of

EMPTY_ROWS = 6
MOST_ROWS = 56  # the 50 marks that a response may have, and the empty rows after them
NONE_CHOSEN = "none-chosen"  # no category has this id, so the refusal of the response names what is missing
KEPT = re.compile(r"(\d{1,5}) (\d{1,5}) (\d{1,5}) (\d{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the first and last word as shown, the category, and what they stood for when shown.

    `kept` is "first last start end": a mark that begins or ends inside a word survives an untouched row.
    """

    number: int
    first: str
    last: str
    category: str
    kept: str


def rows_of(text: str, spans: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return a row for each span, and empty ones to add more."""
    words = words_of(text)
    rows = [_row(number, span, words) for number, span in enumerate(spans, start=1)]
    empty = max(2, EMPTY_ROWS - len(rows))
    return [*rows, *(Row(len(rows) + n, "", "", "", "") for n in range(1, empty + 1))]


def read_rows(text: str, form: MultiDict[str, str], prefix: str) -> list[dict[str, object]]:
    """Return the raw spans that the rows of a posted form state; a row without words is empty."""
    return list(_read(words_of(text), len(text), form, prefix))


def _row(number: int, span: Mapping[str, Any], words: list[Word]) -> Row:
    start, end, category = span.get("start"), span.get("end"), str(span.get("category", ""))
    if not isinstance(start, int) or not isinstance(end, int):
        return Row(number, str(start), str(end), category, "")
    touched = words_in(words, start, end)
    if touched is None:
        return Row(number, "", "", category, "")
    first, last = touched
    return Row(number, str(first), str(last), category, f"{first} {last} {start} {end}")


def _read(words: list[Word], length: int, form: MultiDict[str, str], prefix: str) -> Iterator[dict[str, object]]:
    for number in range(1, MOST_ROWS + 1):
        first, last, category, kept = (
            form.get(f"{prefix}{field}-{number}", "").strip() for field in ("first", "last", "category", "kept")
        )
        if first or last:
            start, end = _offsets(words, length, first or last, last or first, kept)
            yield {"start": start, "end": end, "category": category or NONE_CHOSEN}


def _offsets(words: list[Word], length: int, first: str, last: str, kept: str) -> tuple[int | str, int | str]:
    shown = KEPT.fullmatch(kept)
    if shown and (first, last) == shown.group(1, 2):
        return int(shown[3]), int(shown[4])
    return _offset(words, length, first, 0), _offset(words, length, last, 1)


def _offset(words: list[Word], length: int, typed: str, side: int) -> int | str:
    """Where a numbered word begins (side 0) or ends (side 1); beyond the text for a word that it does not have."""
    number = whole_number(typed)
    if isinstance(number, str):
        return number
    return words[number - 1][side] if 1 <= number <= len(words) else length + number + side
