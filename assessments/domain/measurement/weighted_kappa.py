"""Agreement of two raters on a scale of levels, beyond chance: quadratically weighted kappa."""

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

Level = TypeVar("Level", bound=Hashable)


class UndefinedAgreement(ValueError):
    """Chance alone would make the raters agree fully, so there is nothing that agreement could go beyond."""


def quadratic_weighted_kappa(first: Sequence[Level], second: Sequence[Level], levels: Sequence[Level]) -> Fraction:
    """Return kappa with quadratic weights, exactly: how far two raters agree beyond chance; it has no unit.

    `first` and `second` are the raters' levels for the same things in the same order; `levels` is the whole scale in
    rising order, each level one step from the next. The result is at most 1, which is full agreement; 0 is what
    chance would give, below 0 is worse. It is 1 - n * sum((a - b)^2 over the n things) / sum((i - j)^2 over all n * n
    combinations of a level i that the first gave with a level j that the second gave), in steps of the scale.

    Raises ValueError for empty or unequally long ratings, a level off the scale, or a scale that names one twice;
    UndefinedAgreement when both raters gave one and the same level throughout.

    Source: Cohen (1968), Psychol. Bull. 70(4), 213-220, doi:10.1037/h0026256.
    """
    step = {level: number for number, level in enumerate(levels)}
    if len(step) != len(levels):
        raise ValueError("a scale names each level once")
    if not first or len(first) != len(second):
        raise ValueError(f"need two equally long ratings, got {len(first)} and {len(second)}")
    if off := {*first, *second} - step.keys():
        raise ValueError(f"levels off the scale: {', '.join(sorted(map(str, off)))}")
    ours, theirs = [step[level] for level in first], [step[level] for level in second]
    by_chance = sum((a - b) ** 2 * n * m for a, n in Counter(ours).items() for b, m in Counter(theirs).items())
    if not by_chance:
        raise UndefinedAgreement(f"both raters gave {first[0]} throughout")
    observed = sum((a - b) ** 2 for a, b in zip(ours, theirs, strict=True))
    return 1 - Fraction(len(ours) * observed, by_chance)
