"""Renewal terms: the shorter form in which somebody who passed sits a test anew, made of the test's own terms."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

_MINUTE = timedelta(minutes=1)
_LEFT_OUT = ("renewal", "must_include", "pilot_items")


def renewal_percent(document: Mapping[str, Any]) -> int | None:
    """The share of the questions and of the time, in percent, that a renewal has; None where it is the whole test."""
    stated = document.get("renewal")
    return None if stated is None else int(stated["percent"])


def shortened_document(document: Mapping[str, Any], percent: int) -> dict[str, Any]:
    """The terms of a renewal: that share of each section, rounded up; all else as it was.

    Items that every form has are drawn like others, as they may not fit, and none is tried out besides. What the pool
    and `never_together` allow for the whole test they allow for this, because it takes no more of anything.
    """
    kept = {name: value for name, value in document.items() if name not in _LEFT_OUT}
    sections = [_shortened_section(section, percent) for section in document["sections"]]
    return {**kept, "sections": sections, "renews": {"percent": percent}}


def shortened_limit(limit: timedelta, percent: int) -> timedelta:
    """That share of the time, rounded up to whole minutes."""
    return -(-limit * percent // (100 * _MINUTE)) * _MINUTE


def renewal_hash(content_hash: str) -> str:
    """What the terms of a renewal are found by, beside the terms that they were made of (SHA-256, as hex)."""
    return hashlib.sha256(f"renewal of {content_hash}".encode()).hexdigest()


def _shortened_section(section: Mapping[str, Any], percent: int) -> dict[str, Any]:
    count = -(-section["count"] * percent // 100)
    bands = section.get("difficulty")
    return {**section, "count": count, "difficulty": _shared_out(bands, count, percent) if bands else bands}


def _shared_out(bands: Mapping[str, int], count: int, percent: int) -> dict[str, int]:
    """The share of each difficulty; what is left over goes to those that lost most by rounding down."""
    shares = {band: number * percent // 100 for band, number in bands.items()}
    losses = sorted(bands, key=lambda band: -(bands[band] * percent % 100))
    for band in losses[: count - sum(shares.values())]:
        shares[band] += 1
    return shares
