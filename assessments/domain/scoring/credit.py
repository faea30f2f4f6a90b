"""Credit against experts who may differ: for labels without order, and for levels of a scale."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TypeVar

Label = TypeVar("Label")


def label_credit(shares: Mapping[Label, Fraction], given: Label | None) -> Fraction:
    """Return the share of experts behind the label given over the largest share, 0 to 1; 0 without a label.

    When all experts agree that is 1 or 0; where they are split, the label of the most earns 1, others in proportion.
    """
    if given is None:
        return Fraction(0)
    return shares.get(given, Fraction(0)) / max(shares.values())


def level_credits(shares: Mapping[int, Fraction], levels: Collection[int]) -> dict[int, Fraction]:
    """Return what each level of a scale earns, 0 to 1; the best level earns 1 even when experts differ.

    Against one expert a level earns max(0, 1 - 2 |level - expert| / (k - 1)) on a scale of k levels: linear in the
    distance, and nothing from half the scale away. Over several experts this is averaged by their shares and
    divided by what the best level would earn.

    Source: linear agreement weights, Cohen (1968), Psychol. Bull. 70(4), 213-220, doi:10.1037/h0026256; the factor 2
    is ours, so that the middle of the scale is no safe guess.
    """
    steps = len(levels) - 1
    values = {
        level: sum((share * _closeness(level, expert, steps) for expert, share in shares.items()), Fraction(0))
        for level in levels
    }
    best = max(values.values())
    return {level: value / best for level, value in values.items()}


def f1(selected: Collection[Label], right: Collection[Label]) -> Fraction:
    """Return the F1 of a selection against the right one, 0 to 1; two empty ones agree fully."""
    if not selected and not right:
        return Fraction(1)
    return Fraction(2 * len(set(selected) & set(right)), len(set(selected)) + len(set(right)))


def _closeness(level: int, expert: int, steps: int) -> Fraction:
    return max(Fraction(0), 1 - Fraction(2 * abs(level - expert), steps))
