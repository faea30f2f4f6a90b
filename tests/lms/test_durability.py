"""What must go on when something else does not: the database away, the log full, the worker dead, locks held."""

import io
import os
import signal
import sys
import threading
import time
from dataclasses import replace

import pytest
import structlog
from sqlalchemy import create_engine, text

from lms.cli.kept_process import kept_running
from lms.db.engine import make_engine, refuse_less_than_durable
from lms.db.schema import migrate
from lms.db.session import Database
from lms.events import Subscriptions
from lms.logs import configure_logs, say
from lms.outbox.delivery import Handlers, deliver_until
from tests.databases import SERVER, drop_database, make_database_url
from tests.lms.test_outbox import only_message, put
from wsgi import create_app

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing" if SERVER else "sqlite:////nowhere/at/all/assay.db"


class Full(io.StringIO):
    """Standard output on a disk without space."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


@pytest.fixture
def stranded(process_settings):
    """A client of a server whose database is away."""
    return create_app(replace(process_settings, database_url=AWAY)).test_client()


@pytest.mark.parametrize(("synchronous", "has_foreign_keys"), [(0, True), (1, True), (2, False)])
def test_sqlite_is_refused_when_it_could_forget_a_commit(synchronous, has_foreign_keys):
    with pytest.raises(RuntimeError, match="Assay needs synchronous FULL"):
        refuse_less_than_durable(synchronous, has_foreign_keys)


def test_a_database_that_is_away_is_told_as_such_and_when_to_come_back(stranded):
    page = stranded.get("/readyz")
    told = stranded.get("/readyz", headers={"Accept": "application/json"})

    assert page.status_code == told.status_code == 503
    assert page.headers["Retry-After"] == "2"
    assert "Nothing that was saved is lost" in page.text
    assert told.json["error"] == "unavailable"


def test_somebody_who_is_signed_in_is_told_so_as_well(stranded):
    with stranded.session_transaction() as session:
        session["_user_id"] = "the token of a sign-in that cannot be looked up"

    for path in ["/me/", "/courses/"]:
        answer = stranded.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")


def test_a_log_that_takes_nothing_stops_nobody(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Full())
    configure_logs()

    structlog.get_logger().error("nobody reads this")
    say("nor this")


def test_a_worker_that_dies_is_started_again_and_ends_with_the_server():
    with kept_running([sys.executable, "-c", "import time; time.sleep(60)"]) as worker:
        first = worker.pid
        os.kill(first, signal.SIGKILL)
        _await(lambda: worker.pid != first)
        second = worker.pid
        os.kill(second, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_its_hands(database: Database):
    is_stopped = threading.Event()
    handlers = Handlers()
    handlers.handle("greeting", lambda delivery: is_stopped.set())
    put(database)
    deliver_until(is_stopped.is_set, database, handlers, pause_seconds=0)

    assert only_message(database).delivered_at is not None


def test_a_worker_that_is_told_to_stop_takes_no_further_message(database: Database):
    is_stopped = threading.Event()
    handled = []
    handlers = Handlers()
    handlers.handle("greeting", lambda delivery: (handled.append(delivery.id), is_stopped.set()))
    put(database)
    put(database)
    deliver_until(is_stopped.is_set, database, handlers, pause_seconds=0)

    assert len(handled) == 1


def _write_or_fail(database: Database) -> None:
    """Write, while the reader reads on: whoever waits for its end waits for ever."""
    with database.transaction() as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL lock_timeout = '60s'"))
        session.execute(text("UPDATE organisation SET name = name"))


def test_a_migration_behind_a_long_reader_waits_without_stopping_the_others(app, tmp_path):
    """On PostgreSQL a waiting ALTER TABLE would hold up everybody behind it; so it gives up and comes again."""
    packages = app.extensions["assay.packages"]
    url = make_database_url(tmp_path)
    engine = make_engine(url)
    migrate(engine, packages)
    migrating = threading.Thread(target=migrate, args=(engine, [*packages, _one_more_step(tmp_path, engine)]))
    others = Database(url, Subscriptions())
    reader = create_engine(url)
    with reader.connect() as reading:
        reading.execute(text("SELECT count(*) FROM organisation"))
        migrating.start()
        for _ in range(12):  # for longer than the migration waits for its lock at a time
            _write_or_fail(others)
            time.sleep(0.3)
    migrating.join(timeout=120)

    assert not migrating.is_alive()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(one_more) FROM organisation")).scalar() == 0
    for each in (engine, others.engine, reader):
        each.dispose()
    drop_database(url)


def _one_more_step(folder, engine):
    """A package with one migration, on top of what the database has."""
    with engine.connect() as connection:
        head = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    versions = folder / "late" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "late.py").write_text(
        f'revision, down_revision, branch_labels, depends_on = "late", "{head}", None, None\n'
        "from alembic import op\n"
        'def upgrade():\n    op.execute("ALTER TABLE organisation ADD COLUMN one_more INTEGER")\n'
    )
    return folder / "late"


def _await(is_so, seconds=20):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
