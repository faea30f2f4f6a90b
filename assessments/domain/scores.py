"""Scores of one response: exact points, and the parts that they add up from."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: its points (0 to 1) and the share of the item that it carries (0 to 1)."""

    name: str
    points: Fraction
    weight: Fraction


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The points of one response (0 to 1): the sum of its parts, each times its weight."""

    points: Fraction
    parts: tuple[Part, ...]


def weigh(*parts: Part) -> ItemScore:
    """Return the score that these parts add up to; their weights should sum to 1."""
    return ItemScore(sum((part.points * part.weight for part in parts), Fraction(0)), parts)


def nothing(weights: Mapping[str, Fraction]) -> ItemScore:
    """Return the score of a response that earns nothing in any of the named parts."""
    return weigh(*(Part(name, Fraction(0), weight) for name, weight in weights.items()))


def exact(number: float) -> Fraction:
    """Return the number as it was written: 0.1 becomes 1/10, not the binary number nearest to it."""
    return Fraction(str(number))
