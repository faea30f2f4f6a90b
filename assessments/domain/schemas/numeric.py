"""Numeric: a number, with its unit where one is asked for (QTI textEntryInteraction of base type float)."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

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
    echo,
)
from assessments.domain.typed_numbers import read_number

# As it was written; text in JSON, so that no digit is lost.
Number = Annotated[
    Decimal, Field(max_digits=30, decimal_places=15), PlainSerializer(lambda n: f"{n:f}", return_type=str)
]


class Unit(Shape):
    """A unit on offer; `title` is what the candidate reads."""

    id: Identifier
    title: Line


class NumericContent(Content):
    """A question for a number; with `units`, one of them must be chosen as well."""

    prompt: Text
    passage: Text | None = None
    units: Annotated[tuple[Unit, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [unit.id for unit in self.units]
        if len(ids) != len(set(ids)):
            raise ValueError(f"unit ids must differ, got {', '.join(ids)}")
        return self

    @property
    def stem(self) -> str:
        return self.prompt


class NumericKey(Key):
    """The right number in `unit`; every number between `value` less and plus the tolerance is right.

    The tolerance is absolute (in the key's unit) or relative (a share of the value), or 0. `factors` say how many
    of the key's unit one of another unit is, so that 1.5 km may be answered for 1500 m. `accepted` are further
    values, in the key's unit, with the same tolerance.
    """

    value: Number
    unit: Identifier | None = None
    absolute: Annotated[Number, Field(ge=0)] = Decimal(0)
    relative: Annotated[Number, Field(ge=0, lt=1)] = Decimal(0)
    factors: dict[Identifier, Annotated[Number, Field(gt=0)]] = Field(default_factory=dict)
    accepted: tuple[Number, ...] = ()

    @model_validator(mode="after")
    def _one_tolerance(self) -> Self:
        if self.absolute and self.relative:
            raise ValueError("the tolerance is absolute or relative, not both")
        return self


def _as_typed(value: object) -> object:
    return read_number(value) if isinstance(value, str) else value


class NumericResponse(Response):
    """The number that the candidate gave, in any of the ways that people write numbers, and its unit."""

    value: Annotated[Number | None, BeforeValidator(_as_typed)] = None
    unit: Identifier | None = None


def check_key(content: NumericContent, key: NumericKey) -> None:
    """Raise InvalidKey unless the key has a unit exactly where units are on offer, and factors for offered ones."""
    units = {unit.id for unit in content.units}
    if units and key.unit not in units:
        raise InvalidKey(f"the key's unit must be one of {', '.join(sorted(units))}")
    if not units and (key.unit or key.factors):
        raise InvalidKey("the key has units, but the item offers none")
    if unknown := key.factors.keys() - units:
        raise InvalidKey(
            f"factors for unknown units {', '.join(sorted(unknown))}; on offer are {', '.join(sorted(units))}"
        )
    if key.unit in key.factors:
        raise InvalidKey(f"{key.unit} is the key's own unit; factors are for the other ones")


def check_response(content: NumericContent, response: NumericResponse) -> None:
    """Raise InvalidResponse for a unit that is not on offer."""
    units = {unit.id for unit in content.units}
    if response.unit is not None and response.unit not in units:
        raise InvalidResponse(f"unknown unit {echo(response.unit)}; on offer are {', '.join(sorted(units)) or 'none'}")
