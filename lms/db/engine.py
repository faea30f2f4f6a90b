"""The engine: SQLite as a durable embedded database, or PostgreSQL."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from lms.db.row_security import IS_TOLD, forget_what_is_rolled_back, options_for_everybody

WRITES = "assay_writes"
_FULL = 2  # of PRAGMA synchronous
IDLE_SECONDS = 2.0  # a connection that was used more recently than this is taken to be alive
_LAST_USED = "assay.last_used"
# Row security makes statements look dear; PostgreSQL would compile many of them, for longer than they run.
_WITHOUT_COMPILER = "-c jit=off"


def make_engine(url: str) -> Engine:
    """Connect to the database, for whoever is concerned with all organisations.

    SQLite is set to lose no acknowledged commit and to enforce foreign keys.
    """
    if not url.startswith("sqlite"):
        return _connect_to_server(url, connect_args=options_for_everybody(make_url(url)))
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def make_told_engine(url: str, engine: Engine) -> Engine:
    """An engine for sessions of one organisation: its connections see nothing until they are told which."""
    if engine.dialect.name == "sqlite":
        return engine
    told = _connect_to_server(url, execution_options={IS_TOLD: True})
    forget_what_is_rolled_back(told)
    return told


def make_reading_engine(url: str, engine: Engine) -> Engine:
    """An engine for reads, beside one that writes for the same.

    PostgreSQL takes a new view for each statement in either case, so there each statement stands alone, which saves
    the round trips that begin and end a transaction. SQLite has one view a transaction, and keeps it.
    """
    if engine.dialect.name == "sqlite":
        return engine
    if engine.get_execution_options().get(IS_TOLD):
        return _connect_to_server(url, execution_options={IS_TOLD: True}, isolation_level="AUTOCOMMIT")
    options = options_for_everybody(make_url(url))
    return _connect_to_server(url, connect_args=options, isolation_level="AUTOCOMMIT")


def _connect_to_server(url: str, connect_args: dict[str, str] | None = None, **options: Any) -> Engine:
    patience = {"connect_timeout": 10}  # seconds; a server that is frozen takes connections and says nothing
    given = (connect_args or make_url(url).query).get("options", "")
    said = given if isinstance(given, str) else " ".join(given)
    engine = create_engine(
        url,
        connect_args={**patience, "options": f"{said} {_WITHOUT_COMPILER}".strip()},
        pool_size=8,
        max_overflow=8,
        pool_use_lifo=True,  # the one that was used last has been told its organisation, and is known to be alive
        **options,
    )
    engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows are one statement, and not one each
    _test_idle_connections(engine)
    return engine


def _test_idle_connections(engine: Engine) -> None:
    """Test a connection only when it lay idle: in a busy process the test would cost as much as the statement."""

    def note_use(_connection: Any, record: Any) -> None:
        record.info[_LAST_USED] = time.monotonic()

    def test(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(_LAST_USED, time.monotonic()) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool then connects anew

    event.listen(engine, "checkin", note_use)
    event.listen(engine, "checkout", test)


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
