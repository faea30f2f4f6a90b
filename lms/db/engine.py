"""The engine: SQLite as a durable embedded database, or PostgreSQL."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

WRITES = "assay_writes"
_FULL = 2  # of PRAGMA synchronous


def make_engine(url: str) -> Engine:
    """Connect to the database; SQLite is set to lose no acknowledged commit and to enforce foreign keys."""
    if not url.startswith("sqlite"):
        patience = {"connect_timeout": 10}  # seconds; a server that is frozen takes connections and says nothing
        return create_engine(url, connect_args=patience, pool_pre_ping=True, pool_size=8, max_overflow=8)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    has_foreign_keys = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    cursor.close()
    refuse_less_than_durable(level, bool(has_foreign_keys))


def refuse_less_than_durable(synchronous: int, has_foreign_keys: bool) -> None:
    """Raise RuntimeError for a database that could forget an acknowledged commit when the power fails.

    In WAL mode NORMAL (1) syncs at checkpoints only; FULL (2) syncs before every commit is acknowledged.
    """
    if synchronous < _FULL or not has_foreign_keys:
        raise RuntimeError(
            f"SQLite runs with synchronous={synchronous} and foreign_keys={has_foreign_keys}; Assay needs synchronous"
            f" FULL ({_FULL}) and foreign keys, or it could lose answers that it called saved"
        )


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where a write will follow: upgrading a read lock later can deadlock."""
    writes = connection.get_execution_options().get(WRITES)
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    cursor.close()
