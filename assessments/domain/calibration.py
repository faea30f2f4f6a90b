"""Calibration: whether the first tries agree with the experts as far as is asked for, why not yet, and what remains."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Standard:
    """What is to be reached: a mean of `agreement` (0 to 1) over the last `window` first tries."""

    agreement: Fraction
    window: int

    def __post_init__(self) -> None:
        if not 0 < self.agreement <= 1 or self.window < 1:
            raise ValueError(f"need an agreement above 0 up to 1 and a window from 1, got {self}")


class Reason(StrEnum):
    """Why a standard is not reached."""

    TOO_FEW_TRIES = "too-few-tries"
    BELOW_AGREEMENT = "below-agreement"


@dataclass(frozen=True, slots=True)
class Standing:
    """How first tries stand to a standard; it is reached exactly when there is no reason why not.

    `mean` (0 to 1) is over the last `counted` tries, as many as the window holds; None before the first try.
    `fewest_more` tries reach the standard if all of them are fully right; None when the gold left is too little.
    """

    mean: Fraction | None
    counted: int
    reasons: tuple[Reason, ...]
    fewest_more: int | None

    @property
    def is_reached(self) -> bool:
        return not self.reasons


def judge(standard: Standard, points: Sequence[Fraction], *, gold_left: int) -> Standing:
    """Return how first tries stand to what is asked: their points, each from 0 to 1, in the order of the tries.

    The agreement is the mean of the points of the last first tries, as many as the window holds. It is reached
    when at least so many were made and that mean is not below the agreement asked for. An item counts with its
    first try alone.

    Raises ValueError for a negative `gold_left`, the number of items that have no try yet.
    """
    if gold_left < 0:
        raise ValueError(f"no less than 0 items can be left, got {gold_left}")
    mean = agreement_of(points, standard.window)
    reasons = []
    if len(points) < standard.window:
        reasons.append(Reason.TOO_FEW_TRIES)
    if mean is None or mean < standard.agreement:
        reasons.append(Reason.BELOW_AGREEMENT)
    counted = min(len(points), standard.window)
    return Standing(mean, counted, tuple(reasons), _fewest_more(standard, points, gold_left))


def agreement_of(points: Sequence[Fraction], window: int) -> Fraction | None:
    """Return the mean of the last `window` points, of all while there are fewer; None without any."""
    last = points[-window:]
    return sum(last, Fraction(0)) / len(last) if last else None


def order_of_gold(identifiers: Iterable[str], *, seed: int, tried_before: Collection[str]) -> list[str]:
    """Return in which order the items come: by chance, those that the person tried before at the end.

    Items that come or go do not change the order of the others.
    """

    def place(identifier: str) -> tuple[bool, bytes]:
        return identifier in tried_before, sha256(f"{seed}:{identifier}".encode()).digest()

    return sorted(set(identifiers), key=place)


def _fewest_more(standard: Standard, points: Sequence[Fraction], gold_left: int) -> int | None:
    for more in range(gold_left + 1):
        supposed = [*points, *[Fraction(1)] * more]
        mean = agreement_of(supposed, standard.window)
        if mean is not None and len(supposed) >= standard.window and mean >= standard.agreement:
            return more
    return None
