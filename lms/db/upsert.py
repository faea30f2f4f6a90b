"""Inserting what may be there already: INSERT … ON CONFLICT, which both databases have, each in its dialect."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, table: type[Any]) -> Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return inserter(session)(table)


def inserter(session: Session) -> Callable[[type[Any]], Insert]:
    """What makes such an INSERT for the database of this session."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
