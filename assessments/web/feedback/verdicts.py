"""The first word of any feedback: right, partly right, or not right."""

from enum import StrEnum
from fractions import Fraction


class Verdict(StrEnum):
    """How an answer as a whole compares with the experts'."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


def verdict_of(points: Fraction) -> Verdict:
    """Return the verdict on points from 0 to 1."""
    if points == 1:
        return Verdict.RIGHT
    return Verdict.PARTLY if points else Verdict.WRONG
