"""Tells early that work fell below a floor: a sequential test that looks at every first answer as it comes."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import floor as rounded_down
from math import log

from certificates.domain.work_quality import UNITS

MICRO = 1_000_000  # evidence is counted in whole millionths of a nat: sums are exact, in whatever pieces they come
ODDS_RATIO = 2.0  # the test is sharpest for work whose odds of being wrong are twice those at the floor
THRESHOLD = 6 * MICRO  # chosen by simulation, see docs/work-quality.md
LOWEST_FLOOR, HIGHEST_FLOOR = Fraction(1, 20), Fraction(99, 100)  # between these the simulation holds


@dataclass(frozen=True, slots=True)
class Watch:
    """Where the test of one person's work against a floor stands.

    `run_from` is the number of the outcome with which the present run of evidence began, `run_tasks` and `run_points`
    what the run consists of; `tasks` and `points` are all that was counted against this floor.
    """

    floor: Fraction
    level: int = 0
    run_from: int = 0
    run_tasks: int = 0
    run_points: int = 0
    tasks: int = 0
    points: int = 0

    @property
    def is_alarmed(self) -> bool:
        return self.level >= THRESHOLD

    def take(self, *, number: int, points: int) -> "Watch":
        """Return where it stands after one more first answer, which earned so many hundred-millionths.

        Outcomes are taken in the order of their numbers. The level goes up by the log-likelihood ratio of the answer
        between work with twice the odds of error and work at the floor, and never below 0: a good record does not
        buy time for a later drop. After an alarm it begins anew.

        Its expectation under work at the floor or above is not above that of a martingale, whatever the scores between
        0 and 1 are (the ratio's exponential is convex in the score), so the mean number of answers until a false alarm
        is at least exp(6) = 403 by proof; simulated, it is many times that.

        Sources: Page (1954), Biometrika 41(1/2), 100-115, doi:10.1093/biomet/41.1-2.100; Lorden (1971), Ann. Math.
        Stat. 42(6), 1897-1908, doi:10.1214/aoms/1177693055.
        """
        before = replace(self, level=0, run_from=0, run_tasks=0, run_points=0) if self.is_alarmed else self
        level = before.level + _evidence(self.floor, points)
        counted = replace(before, tasks=before.tasks + 1, points=before.points + points)
        if level <= 0:
            return replace(counted, level=0, run_from=0, run_tasks=0, run_points=0)
        return replace(
            counted,
            level=level,
            run_from=before.run_from or number,
            run_tasks=before.run_tasks + 1,
            run_points=before.run_points + points,
        )


def can_be_tested(floor: Fraction) -> bool:
    """Whether a floor lies where the stated rates of false alarms hold."""
    return LOWEST_FLOOR <= floor <= HIGHEST_FLOOR


def worse_than(floor: Fraction) -> float:
    """Return the share of right answers for which the test is sharpest: twice the odds of error at the floor."""
    return float(floor) / (float(floor) + ODDS_RATIO * (1 - float(floor)))


def _evidence(floor: Fraction, points: int) -> int:
    """Against the floor, of one answer; rounded down, which is in favour of the person."""
    right, wrong = ratios_of(floor)
    return (points * right + (UNITS - points) * wrong) // UNITS


@lru_cache(maxsize=256)
def ratios_of(floor: Fraction) -> tuple[int, int]:
    """Return the evidence against a floor of a right and of a wrong answer, in millionths of a nat.

    Raises ValueError for a floor that cannot be tested.
    """
    if not can_be_tested(floor):
        raise ValueError(f"a floor lies from {LOWEST_FLOOR} to {HIGHEST_FLOOR}, got {floor}")
    right = -log(float(floor) + ODDS_RATIO * (1 - float(floor)))
    return rounded_down(right * MICRO), rounded_down((right + log(ODDS_RATIO)) * MICRO)
