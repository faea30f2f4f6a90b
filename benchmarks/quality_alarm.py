"""Simulates the test of work against a floor: false alarms at it and above, and how soon a drop is noticed.

    .venv/bin/python -m benchmarks.quality_alarm

Prints the tables of docs/work-quality.md and draws docs/images/quality-alarm.svg. Seeded: the same each time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from certificates.domain.quality_watch import HIGHEST_FLOOR, LOWEST_FLOOR, THRESHOLD, ratios_of, worse_than
from certificates.domain.work_quality import UNITS, estimate

SEED = 20261121
PEOPLE = 20_000
HORIZON = 500  # first answers
LONGEST = 4_000  # after a drop, nobody is followed further
FLOORS = tuple(Fraction(percent, 100) for percent in (60, 70, 80, 90, 95))
LOW_FLOORS = (LOWEST_FLOOR, Fraction(1, 5), Fraction(2, 5))  # here only false alarms are of interest
PICTURE = Path(__file__).parents[1] / "docs" / "images" / "quality-alarm.svg"
Draw = Callable[[np.random.Generator, float, int], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Delay:
    """First answers from a drop until the alarm."""

    half: int
    nine_in_ten: int


def right_or_wrong(chance: np.random.Generator, quality: float, people: int) -> NDArray[np.float64]:
    """Scores of one answer of each person: 1 with the probability of their quality."""
    return (chance.random(people) < quality).astype(np.float64)


def in_thirds(chance: np.random.Generator, quality: float, people: int) -> NDArray[np.float64]:
    """Scores of reviews with three criteria, each met with the probability of the quality."""
    return chance.binomial(3, quality, people) / 3


def alarmed_at(
    floor: Fraction, qualities: Iterable[float], *, people: int, draw: Draw = right_or_wrong
) -> NDArray[np.int64]:
    """The number of the answer at which each person's first alarm came; 0 where none did. One quality an answer."""
    chance = np.random.default_rng(SEED)
    right, wrong = ratios_of(floor)
    level = np.zeros(people, dtype=np.int64)
    alarmed = np.zeros(people, dtype=np.int64)
    for number, quality in enumerate(qualities, start=1):
        points = np.floor(draw(chance, quality, people) * UNITS).astype(np.int64)
        level = np.maximum(level + (points * right + (UNITS - points) * wrong) // UNITS, 0)
        alarmed[(level >= THRESHOLD) & (alarmed == 0)] = number
    return alarmed


def false_alarms(floor: Fraction, quality: float, draw: Draw = right_or_wrong) -> float:
    """The share of people of this quality who are proposed within the horizon."""
    return float((alarmed_at(floor, [quality] * HORIZON, people=PEOPLE, draw=draw) > 0).mean())


def delay(floor: Fraction, quality: float) -> Delay:
    """After 200 answers halfway between the floor and perfection, the quality drops to this."""
    before = float(floor + (1 - floor) / 2)
    alarmed = alarmed_at(floor, [before] * 200 + [quality] * LONGEST, people=2_000)
    waited = np.where(alarmed > 200, alarmed - 200, LONGEST)[(alarmed == 0) | (alarmed > 200)]
    return Delay(int(np.median(waited)), int(np.percentile(waited, 90)))


def at_four_times(floor: Fraction) -> float:
    """The quality whose odds of error are four times those at the floor."""
    return float(floor) / (float(floor) + 4 * (1 - float(floor)))


def coverage(quality: float, tasks: int) -> float:
    """How often the interval of so many answers holds the true quality."""
    right = np.random.default_rng(SEED).binomial(tasks, quality, PEOPLE)
    held = {count: estimate(tasks, int(count) * UNITS) for count in np.unique(right)}
    return float(np.mean([held[count].low <= quality <= held[count].high for count in right]))


def print_rates() -> None:
    """The table of false alarms and delays."""
    print("| floor | at the floor | the same, scores in thirds | a quarter of the way above | halfway above |")
    print("|---|---|---|---|---|")
    for floor in (*LOW_FLOORS, *FLOORS, HIGHEST_FLOOR):
        shares = (
            false_alarms(floor, float(floor)),
            false_alarms(floor, float(floor), in_thirds),
            false_alarms(floor, float(floor + (1 - floor) / 4)),
            false_alarms(floor, float(floor + (1 - floor) / 2)),
        )
        print(f"| {float(floor):.0%} | " + " | ".join(f"{share:.2%}" for share in shares) + " |")
    print("\n| floor | drop to | half are noticed after | nine in ten after | drop to | half | nine in ten |")
    print("|---|---|---|---|---|---|---|")
    for floor in FLOORS:
        cells = [f"{float(floor):.0%}"]
        for quality in (worse_than(floor), at_four_times(floor)):
            found = delay(floor, quality)
            cells += [f"{quality:.1%}", str(found.half), str(found.nine_in_ten)]
        print("| " + " | ".join(cells) + " |")


def print_coverage() -> None:
    """The table of how often the interval holds the truth."""
    print("\n| first answers | " + " | ".join(f"{float(each):.0%} right" for each in FLOORS) + " |")
    print("|---" * (len(FLOORS) + 1) + "|")
    for tasks in (20, 50, 200):
        cells = [f"{coverage(float(quality), tasks):.1%}" for quality in FLOORS]
        print(f"| {tasks} | " + " | ".join(cells) + " |")


def draw_picture(floor: Fraction) -> str:
    """How likely a proposal is within 100, 200 and 500 first answers, by the true quality."""
    qualities = [percent / 100 for percent in range(50, 97)]
    rows = [alarmed_at(floor, [quality] * HORIZON, people=2_000) for quality in qualities]
    lines = []
    for count, dash in ((100, "2 4"), (200, "8 4"), (500, "none")):
        shares = [float(((row > 0) & (row <= count)).mean()) for row in rows]
        places = " ".join(
            f"{60 + (quality - 0.5) / 0.46 * 560:.1f},{300 - share * 260:.1f}"
            for quality, share in zip(qualities, shares, strict=True)
        )
        lines.append(f'<polyline points="{places}" stroke-dasharray="{dash}"/>')
    at_floor = 60 + (float(floor) - 0.5) / 0.46 * 560
    ticks = "".join(
        f'<text x="{60 + (percent - 50) / 46 * 560:.1f}" y="322" text-anchor="middle">{percent} %</text>'
        for percent in range(50, 100, 10)
    )
    heights = "".join(
        f'<text x="52" y="{304 - share * 2.6:.1f}" text-anchor="end">{share} %</text>' for share in (0, 25, 50, 75, 100)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" role="img" font-family="sans-serif" '
        'font-size="12">'
        f"<title>Share of people who are proposed, by their true quality, with a floor of {float(floor):.0%}</title>"
        '<rect width="640" height="360" fill="#fbf9f4"/>'
        '<g stroke="#d8d2c4"><path d="M60 300H620M60 235H620M60 170H620M60 105H620M60 40H620"/></g>'
        f'<path d="M{at_floor:.1f} 40V300" stroke="#8c2f1b" stroke-dasharray="4 3"/>'
        f'<text x="{at_floor + 5:.1f}" y="52" fill="#8c2f1b">the floor</text>'
        f'<g fill="none" stroke="#1d3a5f" stroke-width="2">{"".join(lines)}</g>'
        f'<g fill="#3a3a3a">{ticks}{heights}'
        '<text x="340" y="346" text-anchor="middle">true share of right first answers</text>'
        '<text x="60" y="24">proposed within 100 (dotted), 200 (dashed) and 500 (solid) first answers</text>'
        "</g></svg>\n"
    )


def main() -> None:
    """Print the tables, draw the picture."""
    print_rates()
    print_coverage()
    PICTURE.write_text(draw_picture(Fraction(4, 5)), encoding="utf-8")


if __name__ == "__main__":
    main()
