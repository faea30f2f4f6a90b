"""The schema: bringing a database to the newest migration of all packages."""

import time
from collections.abc import Sequence
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from lms.db.engine import WRITES
from lms.db.sqlite_statistics import tell_that_an_organisation_has_many_rows

log = structlog.get_logger()

HEAD = "head"
LOCK_SECONDS = 2
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL


def migration_config(engine: Engine, packages: Sequence[Path]) -> Config:
    """Alembic's configuration: one history whose steps lie in the packages that own the tables."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.set_main_option("path_separator", "newline")
    folders = [str(package / "migrations" / "versions") for package in packages]
    config.set_main_option("version_locations", "\n".join(folders))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, packages: Sequence[Path], *, to: str = HEAD, patience_seconds: float = 120) -> None:
    """Run the migrations that are missing, amid traffic if need be.

    A lock that does not come within `LOCK_SECONDS` is given up and asked for again a little later: everybody else
    would queue behind a migration that waits for one long reader. Each step is a transaction of its own.
    """
    end = time.monotonic() + patience_seconds
    while True:
        try:
            command.upgrade(migration_config(engine, packages), to)
        except OperationalError as error:
            if not _has_lacked_a_lock(error) or time.monotonic() > end:
                raise
            log.warning("somebody holds a lock that a migration needs; trying again", pause_seconds=LOCK_SECONDS)
            time.sleep(LOCK_SECONDS)
        else:
            break
    _tell_statistics(engine)


def _tell_statistics(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        tell_that_an_organisation_has_many_rows(connection)
        connection.commit()


def _has_lacked_a_lock(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state == LOCK_NOT_AVAILABLE or (state is None and "locked" in str(error.orig))
