"""The result of an attempt: its score against the cut, per skill, with its standard error."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt


@dataclass(frozen=True, slots=True)
class GradedItem:
    """The points (0 to 1) of one item of an attempt, and the skill that it tests."""

    skill: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class SkillResult:
    """The mean score in one skill over `count` items; a single item has no standard error."""

    skill: str
    score: Fraction
    count: int
    standard_error: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """The score of an attempt (0 to 1), its verdict, and its skills in order of first appearance."""

    score: Fraction
    standard_error: float | None
    cut_score: Fraction
    has_passed: bool
    skills: tuple[SkillResult, ...]


def grade(items: Sequence[GradedItem], cut_score: Fraction) -> Result:
    """Return the result: the exact mean of the points, passed when it reaches the cut score exactly.

    Raises ValueError without items.
    """
    if not items:
        raise ValueError("an attempt without items has no result")
    points = [item.points for item in items]
    score = _mean(points)
    skills = tuple(_skill_result(skill, items) for skill in dict.fromkeys(item.skill for item in items))
    return Result(score, standard_error(points), cut_score, score >= cut_score, skills)


def standard_error(points: Sequence[Fraction]) -> float | None:
    """Return the standard error of the mean of one person's points; None below two items.

    It is the sample standard deviation over the square root of their number: the absolute error of
    a score over items that were drawn at random. Sections make forms more alike than that, so it
    errs on the careful side.

    Source: Brennan (2001), Generalizability Theory, Springer, doi:10.1007/978-1-4757-3456-0;
    derived in Brennan (1998), Appl. Psychol. Meas. 22(4), 307-331, doi:10.1177/014662169802200401.
    """
    n = len(points)
    if n < 2:
        return None
    mean = _mean(points)
    return sqrt(sum((point - mean) ** 2 for point in points) / ((n - 1) * n))


def _skill_result(skill: str, items: Sequence[GradedItem]) -> SkillResult:
    points = [item.points for item in items if item.skill == skill]
    return SkillResult(skill, _mean(points), len(points), standard_error(points))


def _mean(points: Sequence[Fraction]) -> Fraction:
    return sum(points, Fraction(0)) / len(points)
