"""Inserting many rows with one statement of one parameter, where the database can: each parameter more costs time."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, TextClause, insert, text
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns, at least one. Values are JSON, or UUIDs, instants and enumerations."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_from_json(table, tuple(rows[0])), {"rows": json.dumps(rows, default=str)})
    else:
        session.execute(insert(table), list(rows))


@cache
def _from_json(table: Table, names: tuple[str, ...]) -> TextClause:
    """The rows come as a JSON array, which PostgreSQL reads as a table."""
    speaks = psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy publishes no types for it
    columns = ", ".join(f'"{name}"' for name in names)
    typed = ", ".join(f'"{name}" {table.c[name].type.compile(dialect=speaks)}' for name in names)
    return text(
        f'INSERT INTO "{table.name}" ({columns}) '  # noqa: S608  # names out of our own models
        f"SELECT {columns} FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given ({typed})"
    )
