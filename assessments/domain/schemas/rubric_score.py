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
    LongText,
    Response,
    Text,
    echo_names,
)
from assessments.domain.schemas.parts import Criterion, LevelNumber, check_ids_differ
from assessments.domain.schemas.votes import Votes, shares_of


class RubricScoreContent(Content):
    """The task a model was given, what it answered, and the criteria to score the answer by."""

    task: Text
    reference_title: Line | None = None
    reference: Text | None = None
    response: LongText
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("criterion", self.criteria)
        return self

    @property
    def stem(self) -> str:
        return f"{self.task}\n\n{self.response}"


class RubricScoreKey(Key):
    """The experts' level for each criterion, or how many experts (or what share of them) gave each level."""

    levels: dict[Identifier, LevelNumber | dict[LevelNumber, Votes]]

    @model_validator(mode="after")
    def _votes_are_sound(self) -> Self:
        for criterion in self.levels:
            try:
                self.shares(criterion)
            except ValueError as fault:
                raise ValueError(f"{criterion}: {fault}") from fault
        return self

    def shares(self, criterion: str) -> dict[int, Fraction]:
        """The exact share of experts behind each level of one criterion."""
        levels = self.levels[criterion]
        if isinstance(levels, int):
            return {levels: Fraction(1)}
        return shares_of(levels)


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
