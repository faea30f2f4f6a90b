"""How a level that was given stands to the best one: too high, too low, left out, or as good."""

from enum import StrEnum
from fractions import Fraction


class Difference(StrEnum):
    """How a level stands to the experts'."""

    NONE = "none"
    TOO_HIGH = "too-high"
    TOO_LOW = "too-low"
    MISSING = "missing"


def difference_of(given: int | None, best: int, credit: Fraction) -> Difference:
    """Return what is wrong with a level that earned this credit (0 to 1); full credit leaves nothing to say."""
    if given is None:
        return Difference.MISSING
    if credit == 1:
        return Difference.NONE
    return Difference.TOO_HIGH if given > best else Difference.TOO_LOW


def most_chosen_first(shares: dict[int, Fraction]) -> list[tuple[int, Fraction]]:
    """Return the experts' shares of the levels, the largest first, equal ones by level."""
    return sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
