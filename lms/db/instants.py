"""Arithmetic of instants that both databases know."""

from typing import Any

from sqlalchemy import ColumnElement, Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class elapsed(GenericFunction[float]):  # noqa: N801  # written as SQL functions are
    """How long it is from one instant to another, to sort by: its unit is that of the database, and so is its fineness,
    a microsecond on PostgreSQL and a millisecond on SQLite.
    """

    type = Float()
    inherit_cache = True

    def __init__(self, since: ColumnElement[Any], until: ColumnElement[Any]) -> None:
        super().__init__(since, until)


@compiles(elapsed)
def _in_seconds(element: elapsed, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(part, **options) for part in element.clauses)
    return f"EXTRACT(EPOCH FROM ({until} - {since}))"


@compiles(elapsed, "sqlite")
def _in_days(element: elapsed, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(part, **options) for part in element.clauses)
    return f"(julianday({until}) - julianday({since}))"
