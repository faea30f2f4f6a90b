"""Points for what markers say of a response: the levels that they give by the criteria of a rubric."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from assessments.domain.schemas.base import Content
from assessments.domain.schemas.parts import Criterion


def criteria_of(content: Content) -> tuple[Criterion, ...]:
    """Return the criteria by which markers judge responses to this item; none where they judge nothing."""
    criteria: tuple[Criterion, ...] = getattr(content, "criteria", ())
    return criteria


def points_of_levels(criteria: Sequence[Criterion], levels: Mapping[str, object]) -> Fraction:
    """Return the points of one mark, 0 to 1: the mean over the criteria of (level - 1) / (k - 1).

    `levels` has the level given by criterion id; k is the number of levels of a criterion. The lowest level of each
    earns 0, the highest of each 1, and every criterion weighs the same.

    Raises ValueError, with a sentence for the marker, for unknown criteria, for criteria without a level and for
    levels that they do not have; also when there are no criteria at all.
    """
    if not criteria:
        raise ValueError("There are no criteria to mark by.")
    titles = {criterion.id: criterion.title for criterion in criteria}
    if unknown := set(levels) - set(titles):
        raise ValueError(f"There is no criterion {', '.join(sorted(unknown))}; they are {', '.join(titles)}.")
    if missing := [title for name, title in titles.items() if name not in levels]:
        raise ValueError(f"A level is missing for: {', '.join(missing)}.")
    return _mean([_points(criterion, levels[criterion.id]) for criterion in criteria])


def points_of_marks(criteria: Sequence[Criterion], marks: Sequence[Mapping[str, object]]) -> Fraction:
    """Return the mean of the points of several markers' levels, 0 to 1. Raises ValueError as above, and without any."""
    if not marks:
        raise ValueError("There is no mark.")
    return _mean([points_of_levels(criteria, levels) for levels in marks])


def _points(criterion: Criterion, level: object) -> Fraction:
    highest = len(criterion.levels)
    if not isinstance(level, int) or isinstance(level, bool) or not 1 <= level <= highest:
        raise ValueError(f"{criterion.title}: choose a level from 1 to {highest}.")
    return Fraction(level - 1, highest - 1)


def _mean(points: Sequence[Fraction]) -> Fraction:
    return sum(points, Fraction(0)) / len(points)
