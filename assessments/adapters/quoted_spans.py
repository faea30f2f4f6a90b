"""Spans that authors quote instead of counting: the faulty words become offsets in the text."""

from typing import Any


def with_offsets(key: dict[str, Any], text: str) -> dict[str, Any]:
    """Authors quote the faulty words; the key holds their offsets. Raises ValueError for a quote not found."""
    counted = dict(key)
    if isinstance(spans := key.get("spans"), list):
        counted["spans"] = _counted(spans, text)
    if isinstance(sets := key.get("accepted"), list):
        counted["accepted"] = [_counted(spans, text) if isinstance(spans, list) else spans for spans in sets]
    return counted


def _counted(spans: list[Any], text: str) -> list[Any]:
    return [_with_offset(span, text) if isinstance(span, dict) and "quote" in span else span for span in spans]


def _with_offset(span: dict[str, Any], text: str) -> dict[str, Any]:
    quote, wanted = str(span["quote"]), span.get("occurrence", 1)
    start = -1
    for _ in range(wanted if isinstance(wanted, int) else 1):
        start = text.find(quote, start + 1)
        if start < 0:
            raise ValueError(f"{quote!r:.80} does not stand {wanted} times in the text; quotes are exact")
    rest = {name: value for name, value in span.items() if name not in {"quote", "occurrence"}}
    return {**rest, "start": start, "end": start + len(quote)}
