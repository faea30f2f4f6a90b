"""Databases for tests: one per test process, migrated once, emptied before every test.

`TEST_DATABASE_URL` chooses PostgreSQL, as a role that row-level security holds for; without it each process has its own
SQLite file.
"""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, delete, text, update

from certificates.models.log import LogHead
from lms.db.base import Base
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation

SERVER = os.environ.get("TEST_DATABASE_URL", "")
KEPT = {"organisation", "alembic_version", "log_head"}


def make_database_url(folder: Path) -> str:
    """The URL of a new, empty database."""
    if not SERVER:
        return f"sqlite:///{folder / 'assay.db'}"
    name = f"assay_{uuid4().hex}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return SERVER.rpartition("/")[0] + "/" + name


def drop_database(url: str) -> None:
    """Remove a database that `make_database_url` made; SQLite files go with their folder."""
    if not SERVER:
        return
    name = url.rpartition("/")[2]
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        # Not WITH (FORCE): a plain role may not end a vacuum of the server, which a plain drop asks to stop.
        ours = "datname = :name AND usename = current_user"
        connection.execute(
            text(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {ours}"), {"name": name}
        )
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


def empty(engine: Engine) -> None:
    """Delete every row but those that migrations put there."""
    tables = [table for table in reversed(Base.metadata.sorted_tables) if table.name not in KEPT]
    with engine.begin() as connection:
        connection.execute(update(Organisation).values(edition=uuid4()))
        connection.execute(update(LogHead).values(size=0))
        # The order does not matter where nothing refers to anything in the end. TRUNCATE would take 200 ms for it.
        waits = "PRAGMA defer_foreign_keys = ON" if not SERVER else "SET LOCAL session_replication_role = replica"
        connection.exec_driver_sql(waits)
        _without_triggers(connection, lambda: [connection.exec_driver_sql(f'DELETE FROM "{t.name}"') for t in tables])
        connection.execute(delete(Organisation).where(Organisation.id != PUBLIC_ORGANISATION_ID))


def _without_triggers(connection: Connection, change: Callable[[], object]) -> None:
    """The log refuses removal even to us. On PostgreSQL a replica's session has no triggers."""
    found = (
        [] if SERVER else connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    )
    is_empty = not found or connection.execute(text("SELECT 1 FROM log_leaf LIMIT 1")).first() is None
    for name, _sql in () if is_empty else found:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    change()
    for _name, sql in () if is_empty else found:
        connection.exec_driver_sql(sql)
