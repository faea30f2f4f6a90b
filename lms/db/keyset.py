"""Keysets: what follows a place in an ordered list, so that a page costs the same wherever it begins."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_


def beyond(
    columns: Sequence[SQLColumnExpression[Any]], values: Sequence[Any], *, descending: bool
) -> ColumnElement[bool]:
    """Rows that come after these values in the order of these columns, all in one direction."""
    first, value = columns[0], values[0]
    further: ColumnElement[bool] = first < value if descending else first > value
    if len(columns) == 1:
        return further
    at_least: ColumnElement[bool] = first <= value if descending else first >= value
    return and_(at_least, or_(further, beyond(columns[1:], values[1:], descending=descending)))
