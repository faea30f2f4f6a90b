"""Reads when a test releases its results: at-once, by-hand, or a date."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, ValidationError

from assessments.domain.schemas.base import Shape

EXPECTED = "expected at-once, by-hand, or a date with its time zone such as {on: 2026-12-01T09:00Z}"


class DatedRelease(Shape):
    """Results are told from this instant on."""

    on: AwareDatetime


def _one_sentence(value: Any) -> Any:
    """One fault in one sentence, where a union of shapes would name a fault for each of them."""
    if isinstance(value, Mapping):
        try:
            return DatedRelease.model_validate(
                {name: str(said) if isinstance(said, datetime) else said for name, said in value.items()}
            )
        except ValidationError as fault:
            raise ValueError(EXPECTED) from fault
    if value not in ("at-once", "by-hand") and not isinstance(value, DatedRelease):
        raise ValueError(EXPECTED)
    return value


Release = Annotated[Literal["at-once", "by-hand"] | DatedRelease, BeforeValidator(_one_sentence)]
