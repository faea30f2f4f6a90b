"""Rubric score: give a response a level on each criterion of an analytic rubric."""

from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Line,
    Response,
    Shape,
    Text,
    echo_names,
)

LevelNumber = Annotated[int, Field(ge=1, le=10)]


class Level(Shape):
    """One level of a criterion with the descriptor that decides it."""

    level: LevelNumber
    descriptor: Text


class Criterion(Shape):
    """What is judged, and its levels in rising order: 1, 2, 3, …"""

    id: Identifier
    title: Line
    question: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _levels_count_up_from_one(self) -> Self:
        numbers = [level.level for level in self.levels]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"levels must be 1, 2, 3, … in order, got {numbers}")
        return self


class RubricScoreContent(Content):
    """The task a model was given, what it answered, and the criteria to score the answer by."""

    task: Text
    reference_title: Line | None = None
    reference: Text | None = None
    response: Text
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [criterion.id for criterion in self.criteria]
        if len(ids) != len(set(ids)):
            raise ValueError(f"criterion ids must differ, got {', '.join(ids)}")
        return self


class RubricScoreKey(Key):
    """The experts' level for each criterion, or the share of experts behind each level."""

    levels: dict[Identifier, LevelNumber | dict[LevelNumber, Annotated[float, Field(ge=0, le=1)]]]

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        for criterion in self.levels:
            if (total := sum(self.shares(criterion).values())) != 1:
                raise ValueError(f"the shares of {criterion} must sum to 1, got {float(total)}")
        return self

    def shares(self, criterion: str) -> dict[int, Fraction]:
        """The exact share of experts behind each level of one criterion."""
        levels = self.levels[criterion]
        if isinstance(levels, int):
            return {levels: Fraction(1)}
        return {level: Fraction(str(share)) for level, share in levels.items() if share}


class RubricScoreResponse(Response):
    """The level that the candidate gave, by criterion id."""

    levels: Annotated[dict[Identifier, LevelNumber], Field(max_length=8, default_factory=dict)]


def check_key(content: RubricScoreContent, key: RubricScoreKey) -> None:
    """Raise InvalidKey unless the key has an existing level for exactly the item's criteria."""
    criteria = {criterion.id: len(criterion.levels) for criterion in content.criteria}
    if set(key.levels) != set(criteria):
        raise InvalidKey(f"key has levels for {echo_names(key.levels)}; the criteria are {', '.join(sorted(criteria))}")
    for criterion, highest in criteria.items():
        if (level := max(key.shares(criterion))) > highest:
            raise InvalidKey(f"key gives {criterion} level {level}; its levels are 1 to {highest}")


def check_response(content: RubricScoreContent, response: RubricScoreResponse) -> None:
    """Raise InvalidResponse for unknown criteria and for levels that they do not have."""
    criteria = {criterion.id: len(criterion.levels) for criterion in content.criteria}
    if unknown := set(response.levels) - set(criteria):
        raise InvalidResponse(f"unknown criteria {echo_names(unknown)}; the criteria are {', '.join(sorted(criteria))}")
    for criterion, level in response.levels.items():
        if level > criteria[criterion]:
            raise InvalidResponse(f"{criterion} has no level {level}; its levels are 1 to {criteria[criterion]}")
