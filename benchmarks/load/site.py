"""A throwaway installation: its database, the shipped catalogue, and the server as production runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from sqlalchemy import create_engine, text

from benchmarks.load.measures import command_of, cpu_seconds, memory_bytes, tree_of
from benchmarks.load.statements import DRIVER_ROLE
from benchmarks.load.track import ROOT, lay_out
from lms.db.session import Database
from lms.events import Subscriptions

WEB_WORKERS = {"sqlite": 1, "postgresql": 2}  # more than one process wants PostgreSQL, see docs/operating.md
SERVER = os.environ.get("TEST_DATABASE_URL", "")  # PostgreSQL, as the role that owns the databases
ABOVE = os.environ.get("TEST_SUPERUSER_URL", SERVER)  # the same server, as one that may make roles and extensions
PROGRAM = [sys.executable, str(ROOT / "wsgi.py")]


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds so far: of the web workers with their supervisor, of the background worker, of the database."""

    web: float
    worker: float
    database: float

    @property
    def total(self) -> float:
        return self.web + self.worker + self.database

    def __sub__(self, before: "Usage") -> "Usage":
        return Usage(self.web - before.web, self.worker - before.worker, self.database - before.database)


@dataclass(slots=True)
class Site:
    """A running installation."""

    port: int
    kind: str  # sqlite or postgresql
    url: str
    folder: Path
    environment: dict[str, str]
    database: Database
    server: "subprocess.Popen[bytes] | None" = None
    postmaster: int | None = None

    def usage(self) -> Usage:
        """SQLite runs inside the web workers, so its share is in theirs."""
        return Usage(*(cpu_seconds(pids) for pids in self._processes()))

    def memory(self) -> dict[str, int]:
        """Bytes (PSS) of the web workers with their supervisor, of the background worker, of the database."""
        web, worker, database = (memory_bytes(pids) for pids in self._processes())
        return {"web": web, "worker": worker, "database": database}

    def _processes(self) -> tuple[list[int], list[int], list[int]]:
        assert self.server is not None
        pids = tree_of(self.server.pid)
        worker = [pid for pid in pids if command_of(pid).endswith("wsgi.py worker")]
        web = [pid for pid in pids if pid not in worker]
        return web, worker, tree_of(self.postmaster) if self.postmaster else []

    def start(self) -> None:
        """Start the server; returns once it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [*PROGRAM, "serve", "--with-worker"], env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                    return
            except (URLError, ConnectionError):
                time.sleep(0.2)
        raise TimeoutError("the server did not answer within a minute: " + self.log())

    def stop(self) -> None:
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=60)
            self.server = None

    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def make_site(kind: str, folder: Path) -> Iterator[Site]:
    """An installation with the measured track, not started yet; removed at the end."""
    folder.mkdir()
    url, drop = _make_database(kind, folder)
    port = _free_port()
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "PORT": str(port),
        "WEB_WORKERS": str(WEB_WORKERS[kind]),
    }
    database = Database(url.replace("//assay@", f"//{DRIVER_ROLE}@"), Subscriptions())
    site = Site(port, kind, url, folder, environment, database)
    try:
        for command in (["migrate"], ["catalogue", "load", str(lay_out(folder))]):
            subprocess.run([*PROGRAM, *command], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        if kind == "postgresql":
            site.postmaster = _postmaster(database)
        yield site
    finally:
        site.stop()
        database.close()
        if drop:
            _on_server(drop)


def _make_database(kind: str, folder: Path) -> tuple[str, str]:
    """The URL of a new database, and the statement that removes it."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'assay.db'}", ""
    name = f"assay_bench_{uuid4().hex}"
    url = SERVER.rpartition("/")[0] + "/" + name
    _on_server(f"CREATE DATABASE {name}")
    role = f"DO $$ BEGIN CREATE ROLE {DRIVER_ROLE} SUPERUSER LOGIN; EXCEPTION WHEN duplicate_object THEN END $$"
    _on_server(role, ABOVE)
    _on_server("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", ABOVE.rpartition("/")[0] + "/" + name)
    return url, f"DROP DATABASE {name} WITH (FORCE)"


def _on_server(statement: str, url: str = SERVER) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _postmaster(database: Database) -> int:
    """The process that all of PostgreSQL's descend from."""
    with database.reading() as session:
        folder = session.execute(text("SHOW data_directory")).scalar_one()
    return int((Path(folder) / "postmaster.pid").read_text(encoding="ascii").split()[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
