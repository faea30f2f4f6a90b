"""Strikes: what a round does to the world while candidates sit; each returns how often it struck."""

import os
import random
import resource
import signal
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic import command
from sqlalchemy import Engine, create_engine, text

from lms.db.schema import migrate as run_migrations
from lms.db.schema import migration_config
from lms.web.transactions import EXTENSION
from tests.chaos import exam
from tests.chaos.clusters import Cluster
from tests.chaos.worlds import World

_LONGEST = 15.0  # seconds for which a round that goes on until then is under attack
_APART = 1.0  # seconds between two kills at fault points, so that the service lives now and then
_MOST = 4  # kills at fault points in a round
_LOG_FILES = 8  # more than a cluster has in advance
READING = 7.0  # seconds for which a long reader holds its lock


@dataclass(frozen=True, slots=True)
class Field:
    """Where a strike happens: the world, chance by the round's seed, and whether the candidates are done."""

    world: World
    chance: random.Random
    is_over: threading.Event

    def pause(self, least: float, most: float) -> bool:
        """Wait a random while; False when the round is over."""
        return not self.is_over.wait(self.chance.uniform(least, most))


def nothing(field: Field) -> int:
    """The fault lies in the network or in what candidates do."""
    return 0


def arm(field: Field, faults: Sequence[str]) -> int:
    """Arm fault points, and disarm them for a while whenever one fired."""
    server = field.world.server
    before = server.fired()
    is_deadly = any(" kill " in fault for fault in faults)
    server.arm(*faults)
    seen, end = before, time.monotonic() + _LONGEST
    while not field.is_over.wait(0.05) and server.fired() - before < _MOST and time.monotonic() < end:
        if is_deadly and server.fired() > seen:
            server.arm()
            field.pause(_APART, 2 * _APART)
            seen = server.fired()
            server.arm(*faults)
        elif not is_deadly and server.fired() - before >= 10 * _MOST:
            break
    server.arm()
    return server.fired() - before


def _again(field: Field, strike: Callable[[], object], *, times: int, least: float = 1.0, most: float = 2.5) -> int:
    done = 0
    while done < times and field.pause(least, most):
        strike()
        done += 1
    return done


def kill_server(field: Field) -> int:
    return _again(field, field.world.server.kill, times=2)


def restart_server(field: Field) -> int:
    return _again(field, field.world.server.restart, times=2, least=0.3, most=1.0)


def freeze_server(field: Field) -> int:
    return _again(field, lambda: field.world.server.freeze(field.chance.uniform(1, 4)), times=2)


def kill_worker(field: Field) -> int:
    def strike() -> None:
        for pid in field.world.server.worker_pids():
            _kill(pid)

    return _again(field, strike, times=4, least=0.3, most=1.5)


def freeze_at_deadline(field: Field) -> int:
    if not field.pause(*_just_before_the_deadline()):
        return 0
    field.world.server.freeze(field.chance.uniform(2, 4))
    return 1


def kill_at_deadline(field: Field) -> int:
    if not field.pause(*_just_before_the_deadline()):
        return 0
    field.world.server.kill()
    return 1


def _just_before_the_deadline() -> tuple[float, float]:
    limit = exam.SHORT_LIMIT.total_seconds()
    return limit - 1.5, limit


def clock_ahead(field: Field) -> int:
    return _clock(field, 7200)


def clock_behind(field: Field) -> int:
    return _clock(field, -7200)


def _clock(field: Field, seconds: int) -> int:
    field.pause(1, 2)
    field.world.server.arm(f"clock {seconds}")
    field.pause(1, 2)
    field.world.server.arm()
    return 1


def crash_database(field: Field) -> int:
    cluster = _cluster(field)

    def strike() -> None:
        cluster.crash()
        field.is_over.wait(field.chance.uniform(0, 1.5))
        cluster.start()

    return _again(field, strike, times=3)


def restart_database(field: Field) -> int:
    cluster = _cluster(field)

    def strike() -> None:
        cluster.stop()
        cluster.start()

    return _again(field, strike, times=3)


def freeze_database(field: Field) -> int:
    cluster = _cluster(field)
    return _again(field, lambda: cluster.freeze(field.chance.uniform(1, 4)), times=2)


def kill_backend(field: Field) -> int:
    return _again(field, _cluster(field).kill_a_backend, times=3)


def terminate_backends(field: Field) -> int:
    def strike() -> None:
        with _connect(field) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    return _again(field, strike, times=6, least=0.3, most=1.0)


def hold_lock(field: Field) -> int:
    """On SQLite the one write lock; on PostgreSQL a lock on the responses that no writer gets past."""

    def strike() -> None:
        seconds = field.chance.uniform(0.5, 3)
        if field.world.cluster is not None:
            with _connect(field) as connection:
                connection.execute("BEGIN")
                connection.execute("LOCK TABLE response IN EXCLUSIVE MODE")
                field.is_over.wait(seconds)
                connection.execute("ROLLBACK")
            return
        other = sqlite3.connect(field.world.server.folder / "assay.db", isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        field.is_over.wait(seconds)
        other.execute("ROLLBACK")
        other.close()

    return _again(field, strike, times=3)


def fill_disk(field: Field) -> int:
    """Fill the disk, then make space again; a database that gave up is started, as its operator would."""
    cluster = field.world.cluster

    def strike() -> None:
        _shrink_log(field)
        field.world.disk.fill(leaving=field.chance.choice([0, 0, 30_000]))
        _need_space(field)
        field.is_over.wait(field.chance.uniform(1, 3))
        field.world.disk.free()
        if cluster is not None and not cluster.is_running():
            cluster.start()

    return _again(field, strike, times=3)


def limit_files(field: Field) -> int:
    """No process may write beyond the size that the database's log has just now."""

    def strike() -> None:
        _shrink_log(field)
        log = Path(f"{field.world.server.folder / 'assay.db'}-wal")
        _limit(field, log.stat().st_size if log.exists() else 0)
        field.is_over.wait(field.chance.uniform(1, 3))
        _limit(field, resource.RLIM_INFINITY)

    return _again(field, strike, times=3)


def _shrink_log(field: Field) -> None:
    """Have SQLite give up the space of its log, so that the next commit needs new space."""
    if field.world.cluster is None:
        other = sqlite3.connect(field.world.server.folder / "assay.db", isolation_level=None, timeout=2)
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()


def _need_space(field: Field) -> None:
    """Have PostgreSQL use up the log files that it made in advance."""
    if field.world.cluster is None:
        return
    with suppress(psycopg.Error):
        for _ in range(_LOG_FILES):
            with _connect(field) as connection:
                connection.execute("SELECT pg_logical_emit_message(false, 'chaos', 'more')")
                connection.execute("SELECT pg_switch_wal()")


def _limit(field: Field, most: int) -> None:
    for pid in field.world.server.all_pids():
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def migrate(field: Field) -> int:
    return _again(field, lambda: field.world.server.command("migrate"), times=3, least=0.1, most=0.5)


def migrate_behind_a_reader(field: Field) -> int:
    """Add a column and take it away again, the first while somebody reads the same table for long."""
    database = field.world.app.extensions[EXTENSION]
    reader = create_engine(field.world.server.database_url)
    with tempfile.TemporaryDirectory() as folder:
        packages = [*field.world.app.extensions["assay.packages"], _one_more_step(Path(folder), database.engine)]
        with reader.connect() as reading, ThreadPoolExecutor(1) as pool:
            reading.execute(text("SELECT count(*) FROM response"))
            migrating = pool.submit(run_migrations, database.engine, packages)
            field.is_over.wait(READING)
            reading.rollback()
            migrating.result()
        command.downgrade(migration_config(database.engine, packages), "-1")
    reader.dispose()
    return 1


def _one_more_step(folder: Path, engine: Engine) -> Path:
    """A package with one migration, on top of what the database has."""
    with engine.connect() as connection:
        head = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "one_more.py").write_text(
        f'revision, down_revision, branch_labels, depends_on = "one_more", "{head}", None, None\n'
        "from alembic import op\n"
        'def upgrade():\n    op.execute("ALTER TABLE response ADD COLUMN one_more INTEGER")\n'
        'def downgrade():\n    op.execute("ALTER TABLE response DROP COLUMN one_more")\n'
    )
    return folder


def _cluster(field: Field) -> Cluster:
    assert field.world.cluster is not None, "this kind is for PostgreSQL"
    return field.world.cluster


def _connect(field: Field) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(_cluster(field).url.replace("+psycopg", ""), autocommit=True)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
