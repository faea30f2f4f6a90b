"""Scores of one response: exact points, the parts that they add up from, and the parts that wait for a marker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: its points (0 to 1) and the share of the item that it carries (0 to 1).

    `counts` are the whole numbers behind the points, by name: 2 found of 3, 1 extra. They explain a result.
    """

    name: str
    points: Fraction
    weight: Fraction
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The points of one response (0 to 1): the sum of its parts, each times its weight.

    `waiting` are the shares of the item, by name, that a marker has yet to judge; they count nothing so far.
    """

    points: Fraction
    parts: tuple[Part, ...]
    waiting: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return not self.waiting

    @property
    def automatic(self) -> Fraction | None:
        """The points (0 to 1) of the parts that need no marker, as if they were all; None when there are none."""
        weight = 1 - sum(self.waiting.values(), Fraction(0))
        return self.points / weight if weight else None


def weigh(*parts: Part, waiting: Mapping[str, Fraction] | None = None) -> ItemScore:
    """Return the score that these parts add up to; their weights and those of `waiting` should sum to 1."""
    return ItemScore(sum((part.points * part.weight for part in parts), Fraction(0)), parts, waiting or {})


def with_marks(score: ItemScore, marks: Mapping[str, Fraction]) -> ItemScore:
    """Return the score with what markers said (0 to 1) of its waiting parts.

    Raises ValueError when a waiting part has no mark.
    """
    if missing := set(score.waiting) - set(marks):
        raise ValueError(f"no mark for {', '.join(sorted(missing))}")
    marked = (Part(name, marks[name], weight) for name, weight in score.waiting.items())
    return weigh(*score.parts, *marked)


def nothing(weights: Mapping[str, Fraction]) -> ItemScore:
    """Return the score of a response that earns nothing in any of the named parts."""
    return weigh(*(Part(name, Fraction(0), weight) for name, weight in weights.items()))


def exact(number: float) -> Fraction:
    """Return the number as it was written: 0.1 becomes 1/10, not the binary number nearest to it."""
    return Fraction(str(number))


def as_stored(score: Fraction) -> Fraction:
    """Return a score (0 to 1) as the database keeps it: eight decimal places, cut off."""
    return Fraction(int(score * 10**8), 10**8)


def percent_in_tenths(score: Fraction) -> str:
    """Return a score (0 to 1) as percent with one decimal where it is not whole, cut off and never rounded up."""
    tenths = int(score * 1000)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
