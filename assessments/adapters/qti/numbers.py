"""Numbers as QTI writes them: exact, and refused where they are none or absurdly long."""

import re
from decimal import Decimal

from lxml import etree

from assessments.adapters.qti.notes import NotReadable

# Bounded, because 1e999999999 is a short text and a long number.
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?")


def number_of(text: str, at: etree._Element) -> Decimal:
    """Return a number exactly as it is written; raise NotReadable for anything else, such as INF."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise NotReadable(f"{stripped[:40]!r} is no number that can be read; expected one like 12.5", at)
    return Decimal(stripped)


def written(number: Decimal) -> str:
    """Return a number in plain digits."""
    return f"{number:f}"
