"""Shares of people and their uncertainty, and the middle of how long something took."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from certificates.domain.work_quality import UNITS, estimate


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, with the interval (fractions from 0 to 1) that covers it 95 times in 100."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The fraction itself; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Quartiles:
    """A quarter took at most `first`, half at most `median`, three quarters at most `third`."""

    count: int
    first: timedelta
    median: timedelta
    third: timedelta


def share_of(part: int, whole: int) -> Share:
    """A share with its Wilson score interval, which stays within 0 and 1 and holds for few people as well.

    Of nobody, it is the whole range. Raises ValueError unless 0 <= part <= whole. The interval is that of
    `certificates.domain.work_quality`.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"a share needs 0 <= part <= whole, got {part} of {whole}")
    if whole == 0:
        return Share(0, 0, 0.0, 1.0)
    found = estimate(whole, part * UNITS)
    return Share(part, whole, float(found.low), float(found.high))


def quartile_places(count: Any) -> tuple[Any, Any, Any]:
    """The places, from 1, of the quartiles among so many ordered values; each is a value that was seen.

    `count` is a number, or an expression of a database that has one as its value.
    Source: the inverse of the empirical distribution function, type 1 of Hyndman and Fan (1996), Am. Stat. 50(4).
    """
    first, median, third = ((count * quarter + 3) // 4 for quarter in (1, 2, 3))
    return first, median, third
