"""Scores rubric levels by their distance to the levels that the experts gave."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.parts import Criterion, Level
from assessments.domain.schemas.rubric_score import (
    RubricScoreContent,
    RubricScoreKey,
    RubricScoreResponse,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, weigh
from assessments.domain.scoring.credit import level_credits


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


def key_with(content: RubricScoreContent, response: RubricScoreResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response; votes that are recorded for a criterion stay."""
    votes = {name: said for name, said in dict(key.get("levels") or {}).items() if isinstance(said, dict)}
    return {**key, "levels": {**response.levels, **votes}}


def wrong_answers(content: RubricScoreContent, key: RubricScoreKey) -> None:
    """Levels are more or less right, so they are not listed one by one."""


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
    return Fraction(0) if level is None else _credits(criterion, key)[level]


def _best_level(criterion: Criterion, key: RubricScoreKey) -> int:
    credits = _credits(criterion, key)
    return max(credits, key=credits.__getitem__)


def _credits(criterion: Criterion, key: RubricScoreKey) -> dict[int, Fraction]:
    return level_credits(key.shares(criterion.id), [level.level for level in criterion.levels])


def _criterion(name: str, levels: int) -> Criterion:
    numbered = tuple(Level(level=number, descriptor=f"What level {number} takes.") for number in range(1, levels + 1))
    return Criterion(id=name.lower(), title=name, question="How well?", levels=numbered)


TYPE = ItemType(
    name="rubric-score",
    title="Rubric score",
    task="Give a response a level on each criterion of a rubric.",
    content=RubricScoreContent,
    key=RubricScoreKey,
    response=RubricScoreResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "On the first criterion three experts of four give 3 and one gives 4; on the second all give 2",
            RubricScoreContent(
                task="A task.", response="An answer.", criteria=(_criterion("Clarity", 5), _criterion("Fidelity", 4))
            ),
            RubricScoreKey(levels={"clarity": {3: 3, 4: 1}, "fidelity": 2}),
            RubricScoreResponse(levels={"clarity": 4, "fidelity": 3}),
        ),
    ),
)
