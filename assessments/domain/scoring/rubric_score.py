"""Scores rubric levels by their distance to the levels that the experts gave."""

from fractions import Fraction

from assessments.domain.schemas.rubric_score import (
    Criterion,
    RubricScoreContent,
    RubricScoreKey,
    RubricScoreResponse,
)
from assessments.domain.scores import ItemScore, Part, weigh


def score(content: RubricScoreContent, key: RubricScoreKey, response: RubricScoreResponse) -> ItemScore:
    """Return the mean credit over the criteria; a criterion without a level earns 0.

    Against one expert a level earns max(0, 1 - 2 |level - expert| / (k - 1)) on a scale of k
    levels: linear in the distance, and nothing from half the scale away, so that the middle of
    the scale is no safe guess. Over several experts this is averaged by their shares, then
    divided by what the best level would earn, so that the best level earns 1 even when experts differ.

    Source: linear agreement weights, Cohen (1968), Psychol. Bull. 70(4), 213-220,
    doi:10.1037/h0026256; the factor 2 is ours.
    """
    weight = Fraction(1, len(content.criteria))
    return weigh(
        *(
            Part(criterion.id, _credit(criterion, key, response.levels.get(criterion.id)), weight)
            for criterion in content.criteria
        )
    )


def full_response(content: RubricScoreContent, key: RubricScoreKey) -> RubricScoreResponse:
    """Return a response that earns full score: on each criterion the (lowest) level of greatest credit."""
    return RubricScoreResponse(levels={criterion.id: _best_level(criterion, key) for criterion in content.criteria})


def simple_strategies(content: RubricScoreContent) -> dict[str, RubricScoreResponse]:
    """Return the levels of someone who has not read the text, by name of the strategy.

    An even number of levels has two in the middle; with an odd one both strategies coincide.
    """
    highest = {criterion.id: len(criterion.levels) for criterion in content.criteria}
    levels = {
        "always the lowest level": dict.fromkeys(highest, 1),
        "always the middle level, the lower of two": {name: (k + 1) // 2 for name, k in highest.items()},
        "always the middle level, the upper of two": {name: k // 2 + 1 for name, k in highest.items()},
        "always the highest level": highest,
    }
    return {name: RubricScoreResponse(levels=given) for name, given in levels.items()}


def _credit(criterion: Criterion, key: RubricScoreKey, level: int | None) -> Fraction:
    if level is None:
        return Fraction(0)
    values = _values(criterion, key)
    return values[level] / max(values.values())


def _best_level(criterion: Criterion, key: RubricScoreKey) -> int:
    values = _values(criterion, key)
    return max(values, key=values.__getitem__)


def _values(criterion: Criterion, key: RubricScoreKey) -> dict[int, Fraction]:
    """What each level is worth: its closeness to each expert level, averaged by the shares of experts."""
    shares = key.shares(criterion.id)
    steps = len(criterion.levels) - 1
    return {
        level.level: sum(
            (share * _closeness(level.level, expert, steps) for expert, share in shares.items()), Fraction(0)
        )
        for level in criterion.levels
    }


def _closeness(level: int, expert: int, steps: int) -> Fraction:
    return max(Fraction(0), 1 - Fraction(2 * abs(level - expert), steps))
