"""Feedback on a rubric score: each criterion's level beside the one that the experts gave."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from assessments.domain.schemas.parts import Criterion
from assessments.domain.schemas.rubric_score import RubricScoreContent, RubricScoreKey, RubricScoreResponse
from assessments.domain.scores import ItemScore, Part
from assessments.domain.scoring.rubric_score import full_response
from assessments.web.feedback.levels import Difference, difference_of, most_chosen_first
from assessments.web.feedback.verdicts import verdict_of


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """One criterion: the level given (None when left out), the best one, its descriptor, the experts' shares."""

    id: str
    title: str
    given: int | None
    best: int
    descriptor: str
    difference: Difference
    shares: list[tuple[int, Fraction]]


def feedback(
    content: RubricScoreContent, key: RubricScoreKey, response: RubricScoreResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, and `criteria` with what differed in each."""
    points = {part.name: part.points for part in score.parts}
    best = full_response(content, key).levels
    return {
        "verdict": verdict_of(score.points),
        "criteria": [
            _compare(criterion, key, response.levels.get(criterion.id), best[criterion.id], points[criterion.id])
            for criterion in content.criteria
        ],
    }


def _compare(
    criterion: Criterion, key: RubricScoreKey, given: int | None, best: int, points: Fraction
) -> CriterionFeedback:
    shares = most_chosen_first(key.shares(criterion.id))
    descriptor = criterion.levels[best - 1].descriptor
    difference = difference_of(given, best, points)
    return CriterionFeedback(criterion.id, criterion.title, given, best, descriptor, difference, shares)


def explain(content: RubricScoreContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which levels are right."""
    titles = {criterion.id: criterion.title for criterion in content.criteria}
    return [_("%(criterion)s: %(points)s", criterion=titles[p.name], points=f"{float(p.points):.2f}") for p in parts]
