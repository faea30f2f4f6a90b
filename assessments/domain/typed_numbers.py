"""Numbers as people type them: with a point or a comma, spaces between thousands, powers of ten."""

import re
import unicodedata
from decimal import Decimal

from assessments.domain.schemas.base import echo

DIGITS = 15  # as many are kept before the point, and as many after it
ECHOED = 24  # characters of what was typed that a message repeats

_MARKS = str.maketrans({"−": "-", "–": "-", "‒": "-", "﹣": "-", "－": "-", "٫": ".", "٬": "'", "’": "'"})
_GROUPED = {  # by what sets thousands apart
    " ": re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?"),
    "'": re.compile(r"\d{1,3}(?:'\d{3})+(?:[.,]\d+)?"),
    ",": re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}"),
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}"),
}
_PLAIN = re.compile(r"\d+(?:[.,]\d*)?|[.,]\d+")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2},\d{3}")
_PARTS = re.compile(
    r"(?P<sign>[+-]?) ?(?P<digits>[\d.,' ]*\d[.,]?)(?:(?:e| ?[×x*·] ?10 ?\^ ?)(?P<power>[+-]?\d{1,3}))?", re.IGNORECASE
)


def read_number(typed: str) -> Decimal:
    """Return the number that was typed, exactly; digits of any script are read.

    A point or a comma begins the decimals. Spaces and apostrophes may set thousands apart, and so may commas or
    points where that is plain (1,500,000 or 1.500,5). Raises ValueError with a sentence for the person: for what is
    no number, for more digits than are kept, and for a comma before exactly three digits (1,500), which is thousands
    to some and decimals to others.
    """
    plain = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in typed.translate(_MARKS))
    parts = _PARTS.fullmatch(" ".join(plain.split()))
    digits = _digits(parts["digits"]) if parts else None
    if parts is None or digits is None:
        raise ValueError(f"“{_echo(typed)}” cannot be read as a number; write it like 1500, 1.5, -3 or 2e3")
    number = Decimal(f"{parts['sign']}{digits}e{parts['power'] or 0}")
    if number.adjusted() >= DIGITS or int(number.as_tuple().exponent) < -DIGITS:
        raise ValueError(
            f"“{_echo(typed)}” is too long: up to {DIGITS} digits are kept before the point and as many after it"
        )
    return number


def _digits(typed: str) -> str | None:
    """The digits with a point before the decimals, or None where they cannot be read so."""
    if _AMBIGUOUS.fullmatch(typed):
        whole, decimals = typed.split(",")
        raise ValueError(
            f"“{typed}” can be read in two ways; write {whole}{decimals} or {whole}.{decimals}, whichever you mean"
        )
    for mark, pattern in _GROUPED.items():
        if pattern.fullmatch(typed):
            return typed.replace(mark, "").replace(",", ".")
    return typed.replace(",", ".") if _PLAIN.fullmatch(typed) else None


def _echo(typed: str) -> str:
    shown = typed.strip()
    return echo(shown if len(shown) <= ECHOED else shown[: ECHOED - 1] + "…")
