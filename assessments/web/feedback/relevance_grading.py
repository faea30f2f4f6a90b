"""Feedback on relevance grades: each result's grade beside the one that the experts gave it."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.schemas.relevance_grading import (
    RelevanceGradingContent,
    RelevanceGradingKey,
    RelevanceGradingResponse,
)
from assessments.domain.scores import ItemScore, Part
from assessments.domain.scoring.relevance_grading import credits_of, full_response
from assessments.web.feedback.levels import Difference, difference_of, most_chosen_first
from assessments.web.feedback.verdicts import verdict_of


@dataclass(frozen=True, slots=True)
class ResultFeedback:
    """One result: the grade given (None when left out), the best one, its descriptor, the experts' shares."""

    number: int
    title: str
    given: int | None
    best: int
    descriptor: str
    difference: Difference
    is_near: bool
    shares: list[tuple[int, Fraction]]


def feedback(
    content: RelevanceGradingContent, key: RelevanceGradingKey, response: RelevanceGradingResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, how many results `agreed` of `count`, and the results that `differ`."""
    best = full_response(content, key).grades
    numbers = range(1, len(content.results) + 1)
    results = [_compare(content, key, number, response.grades.get(number), best[number]) for number in numbers]
    differ = [result for result in results if result.difference is not Difference.NONE]
    return {
        "verdict": verdict_of(score.points),
        "agreed": len(results) - len(differ),
        "count": len(results),
        "differ": differ,
    }


def explain(content: RelevanceGradingContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which grades are right."""
    (part,) = parts
    counts = part.counts
    said = [_("%(agreed)s of %(results)s results graded as the experts did", **counts)]
    if counts["near"]:
        said.append(ngettext("%(num)s nearly", "%(num)s nearly", counts["near"]))
    if counts["graded"] < counts["results"]:
        said.append(_("%(graded)s of %(results)s graded at all", **counts))
    return said


def _compare(
    content: RelevanceGradingContent, key: RelevanceGradingKey, number: int, given: int | None, best: int
) -> ResultFeedback:
    credit = Fraction(0) if given is None else credits_of(content, key, number)[given]
    return ResultFeedback(
        number=number,
        title=content.results[number - 1].title,
        given=given,
        best=best,
        descriptor=content.grades[best - 1].descriptor,
        difference=difference_of(given, best, credit),
        is_near=0 < credit < 1,
        shares=most_chosen_first(key.shares(number)),
    )
