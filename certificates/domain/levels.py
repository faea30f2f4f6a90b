"""The level that a score in a skill shows, in bands that follow from the cut score."""

from enum import StrEnum
from fractions import Fraction

EXPERT_FROM = Fraction(95, 100)


class Level(StrEnum):
    """How far somebody is in a skill; the words are those that certificates show."""

    DEVELOPING = "developing"
    PROFICIENT = "proficient"
    ADVANCED = "advanced"
    EXPERT = "expert"


def level_of(score: Fraction, cut: Fraction) -> Level:
    """Return the level of a score, both from 0 to 1.

    Below the cut score it is developing; from the cut score proficient; from halfway between the cut score and
    full marks advanced; from 95 % expert. A band starts at its lower end. Below the cut score nobody is more than
    developing, however high the cut score is.

    Raises ValueError for a score or a cut score outside 0 to 1.
    """
    if not (0 <= score <= 1 and 0 <= cut <= 1):
        raise ValueError(f"scores run from 0 to 1, got {score} with a cut score of {cut}")
    if score < cut:
        return Level.DEVELOPING
    if score >= EXPERT_FROM:
        return Level.EXPERT
    return Level.ADVANCED if score >= (cut + 1) / 2 else Level.PROFICIENT
