"""Work quality: how often somebody's first answers are right, with the interval in which the truth lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

RULE_VERSION = 1  # of the estimate and of the test in `quality_watch`: a decision says under which it was made
UNITS = 100_000_000  # points of one right answer: scores have eight decimal places, so that sums of them are exact

_Z = Fraction(49, 25)  # the normal quantile of a two-sided 95 % interval, 1.96
_ROOT_PLACES = 10**12


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of right answers among `tasks` first answers, and its 95 % interval; all from 0 to 1."""

    tasks: int
    value: Fraction
    low: Fraction
    high: Fraction


def points_of(score: Fraction) -> int:
    """Return a score from 0 to 1 in hundred-millionths, cut off. Raises ValueError outside of that range."""
    if not 0 <= score <= 1:
        raise ValueError(f"a score is from 0 to 1, got {score}")
    return int(score * UNITS)


def estimate(tasks: int, points: int) -> Estimate:
    """Return what `tasks` first answers say that earned `points` together, in hundred-millionths.

    The interval is Wilson's, computed in whole numbers and rounded outwards, so that every machine gets the same one.
    Scores between 0 and 1 vary less than right and wrong with the same mean: for them it is wider than it need be.
    Raises ValueError without tasks, and for points that so many tasks cannot earn.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22(158), 209-212, doi:10.1080/01621459.1927.10502953.
    """
    if tasks < 1:
        raise ValueError(f"an estimate needs one task at least, got {tasks}")
    if not 0 <= points <= tasks * UNITS:
        raise ValueError(f"{tasks} tasks cannot earn {points} points")
    value = Fraction(points, tasks * UNITS)
    square = _Z * _Z
    centre = value + square / (2 * tasks)
    half = _Z * _root_above(value * (1 - value) / tasks + square / (4 * tasks * tasks))
    whole = 1 + square / tasks
    return Estimate(tasks, value, max((centre - half) / whole, Fraction(0)), min((centre + half) / whole, Fraction(1)))


def estimate_of_all(records: Iterable[tuple[int, int]]) -> Estimate | None:
    """Return the estimate over several skills, given the tasks and points of each; None without tasks."""
    tasks = points = 0
    for more_tasks, more_points in records:
        tasks, points = tasks + more_tasks, points + more_points
    return estimate(tasks, points) if tasks else None


def _root_above(square: Fraction) -> Fraction:
    """The square root, rounded up to twelve decimal places."""
    return Fraction(isqrt(square.numerator * _ROOT_PLACES**2 // square.denominator) + 1, _ROOT_PLACES)
