"""What is not told: a column of a result that is NULL until the result is released."""

from typing import TypeVar

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

from assessments.models.attempts import Attempt

Value = TypeVar("Value")


def told(column: InstrumentedAttribute[Value]) -> ColumnElement[Value | None]:
    """The column of an attempt once its result is released, NULL before: what is not read cannot slip out."""
    return case((Attempt.released_at.is_not(None), column), else_=None).label(column.key)
