"""Shapes: the base of what the API reads and writes; nothing unknown gets in, nothing undeclared gets out."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """A JSON object of the API. Members that are not declared are refused, and numbers are finite.

    An example for the documentation may stand in `json_schema_extra={"example": {...}}` of its own configuration.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("the instant lies outside the years 1 to 9999 in UTC") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc), Field(examples=["2026-11-21T09:30:00Z"])]
Slug = Annotated[
    str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$", max_length=60, examples=["fact-versus-fiction"])
]
