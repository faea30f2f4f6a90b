"""Spans that data sets mark in a text, made into the spans of a span-highlight key."""

from collections.abc import Iterable, Sequence
from typing import Any

from assessments.adapters.data_sets import RowFault
from assessments.domain.stretches import halo

Marked = tuple[int, int, str]  # start and end as in a slice, in code points; the category
MOST_SPANS = 20
MOST_TOLERANCE = 3


def key_of(text: str, marked: Iterable[Marked]) -> dict[str, Any]:
    """The raw key of these spans in this text, with the widest tolerance that leaves a sound word.

    Spans may overlap; the same one twice counts once.
    Raises RowFault when spans lie outside the text, are too many, or leave nothing sound.
    """
    spans = sorted({_trimmed(text, span) for span in marked})
    if len(spans) > MOST_SPANS:
        raise RowFault(f"{len(spans)} spans are marked; an item takes at most {MOST_SPANS}")
    for tolerance in range(MOST_TOLERANCE, -1, -1):
        if _leaves_a_word(text, spans, tolerance):
            named = [{"start": start, "end": end, "category": category} for start, end, category in spans]
            return {"spans": named, "tolerance": tolerance}
    raise RowFault("the whole text is marked; some of it must be sound, or marking everything would be right")


def _trimmed(text: str, span: Marked) -> Marked:
    """The span without the spaces at its ends."""
    start, end, category = span
    if not 0 <= start < end <= len(text):
        raise RowFault(f"the span {start} to {end} lies outside the text of {len(text)} characters, or is empty")
    words = text[start:end]
    if not words.strip():
        raise RowFault(f"the span {start} to {end} holds nothing but spaces")
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()), category


def _leaves_a_word(text: str, spans: Sequence[Marked], tolerance: int) -> bool:
    covered = [halo((start, end), tolerance, len(text)) for start, end, _category in spans]
    rest = list(text)
    for start, end in covered:
        rest[start:end] = " " * (end - start)
    return any(sign.isalnum() for sign in rest)
