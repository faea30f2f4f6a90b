"""Data check: mark the faulty rows of a small table and name the fault."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Line,
    Response,
    Text,
    echo_names,
)
from assessments.domain.schemas.parts import Category, check_ids_differ

RowNumber = Annotated[int, Field(ge=1, le=40)]
Cell = Annotated[str, StringConstraints(max_length=500)]  # may be empty: a missing value is a fault to find
Row = Annotated[tuple[Cell, ...], Field(min_length=1, max_length=10)]
Faults = Annotated[frozenset[Identifier], Field(min_length=1)]


class DataCheckContent(Content):
    """A table of numbered rows (first is 1), the rules that it should keep, and the faults on offer."""

    prompt: Text
    rules: Text | None = None
    columns: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    rows: Annotated[tuple[Row, ...], Field(min_length=2, max_length=40)]
    faults: Annotated[tuple[Category, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _rows_fit_the_columns(self) -> Self:
        check_ids_differ("fault", self.faults)
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells; there are {len(self.columns)} columns")
        return self

    @property
    def stem(self) -> str:
        return "\n".join((self.prompt, *("\t".join(row) for row in self.rows)))


class DataCheckKey(Key):
    """The fault of each faulty row by its number, and further faults accepted for it; empty when all rows are sound."""

    rows: dict[RowNumber, Identifier] = Field(default_factory=dict)
    accepted: dict[RowNumber, Faults] = Field(default_factory=dict)

    def acceptable(self, row: int) -> frozenset[str]:
        """The faults that are right for a row; none when it is sound."""
        right = {self.rows[row]} if row in self.rows else set()
        return frozenset(right | self.accepted.get(row, frozenset()))


class DataCheckResponse(Response):
    """The fault that the candidate named, by row; or the statement that every row is sound."""

    rows: Annotated[dict[RowNumber, Identifier], Field(max_length=40)] = Field(default_factory=dict)
    no_faults: bool = False

    @model_validator(mode="after")
    def _no_faults_means_no_rows(self) -> Self:
        if self.no_faults and self.rows:
            raise ValueError('rows are marked and "no faults" is stated; only one of them can be meant')
        return self


def check_key(content: DataCheckContent, key: DataCheckKey) -> None:
    """Raise InvalidKey for unknown rows or faults, or when every row is faulty."""
    count = len(content.rows)
    if outside := {row for row in (*key.rows, *key.accepted) if row > count}:
        raise InvalidKey(f"key names rows {sorted(outside)}; the table has 1 to {count}")
    if sound := set(key.accepted) - set(key.rows):
        raise InvalidKey(f"row {min(sound)} has accepted faults but is not marked as faulty")
    faults = {fault.id for fault in content.faults}
    if unknown := set(key.rows.values()).union(*key.accepted.values()) - faults:
        raise InvalidKey(f"key names unknown faults {echo_names(unknown)}; they are {', '.join(sorted(faults))}")
    if len(key.rows) == count:
        raise InvalidKey("every row is faulty; at least one must be sound, or marking everything would be right")


def check_response(content: DataCheckContent, response: DataCheckResponse) -> None:
    """Raise InvalidResponse for unknown rows or faults."""
    count = len(content.rows)
    if outside := {row for row in response.rows if row > count}:
        raise InvalidResponse(f"there is no row {min(outside)}; the table has 1 to {count}")
    faults = {fault.id for fault in content.faults}
    if unknown := set(response.rows.values()) - faults:
        raise InvalidResponse(f"unknown faults {echo_names(unknown)}; they are {', '.join(sorted(faults))}")
