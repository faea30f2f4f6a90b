"""Parts that the contents of several item types share: options, categories, levels, criteria."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import Identifier, Line, Shape, Text

LevelNumber = Annotated[int, Field(ge=1, le=10)]


class Option(Shape):
    """One thing to choose, order or match; `id` is what a response names."""

    id: Identifier
    text: Text


class Category(Shape):
    """A label, error category or reason, with the rule that decides when it applies."""

    id: Identifier
    title: Line
    rule: Text


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


def check_ids_differ(what: str, parts: Iterable[Option | Category | Criterion]) -> None:
    """Raise ValueError naming the ids when two of them are the same."""
    ids = [part.id for part in parts]
    if len(ids) != len(set(ids)):
        raise ValueError(f"{what} ids must differ, got {', '.join(ids)}")
