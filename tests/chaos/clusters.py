"""A PostgreSQL cluster of its own, which faults may crash, restart and freeze."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

OWNER = "postgres"  # PostgreSQL refuses to run as root


def _programs() -> Path:
    """The folder of the newest PostgreSQL there is. Raises FileNotFoundError where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    return found[-1].parent


def _run(*arguments: str, is_checked: bool = True) -> None:
    as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*as_owner, *arguments], cwd="/", capture_output=True, text=True, check=False)
    if is_checked and done.returncode != 0:
        raise RuntimeError(f"{arguments[0]}: {done.stdout}{done.stderr}")


@dataclass(slots=True)
class Cluster:
    """One server with the settings of production: fsync and full-page writes are on."""

    folder: Path
    port: int

    @classmethod
    def make(cls, parent: Path) -> "Cluster":
        folder = parent / "postgresql"
        folder.mkdir()
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        cluster = cls(folder, free_port())
        data = str(folder / "data")
        _run(str(_programs() / "initdb"), "-D", data, "-U", OWNER, "-A", "trust", "--no-sync", "--wal-segsize=4")
        cluster.start()
        cluster._make_role()
        return cluster

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://assay@127.0.0.1:{self.port}/assay"

    def _make_role(self) -> None:
        """Assay's role, which row-level security holds for; it may look into its tables with amcheck."""
        statements = (
            "CREATE ROLE assay LOGIN",
            "CREATE DATABASE assay OWNER assay",
            "\\connect assay",
            "CREATE EXTENSION amcheck",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO assay",
        )
        given = [word for statement in statements for word in ("-c", statement)]
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", "postgres"]
        _run(str(_programs() / "psql"), *server, "-q", "-v", "ON_ERROR_STOP=1", *given)

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
            " -c max_connections=120 -c max_wal_size=64MB -c min_wal_size=8MB"
        )
        end = time.monotonic() + 180
        while True:
            try:
                self._control("-w", "-l", str(self.folder / "log"), "-o", options, "start")
            except RuntimeError:  # what a crash left is still ending, or there is no space yet
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)
            else:
                return

    def crash(self) -> None:
        """As when the power of the server process fails: nothing is flushed, nobody is told."""
        self._control("-m", "immediate", "stop", is_checked=False)

    def stop(self) -> None:
        """Every client is thrown out, what is committed is flushed."""
        self._control("-m", "fast", "stop", is_checked=False)

    def is_running(self) -> bool:
        pid = self._main_pid()
        return pid is not None and Path(f"/proc/{pid}").exists()

    def kill_a_backend(self) -> bool:
        """kill -9 of one process that serves a client: PostgreSQL then restarts all of them and recovers."""
        backends = [pid for pid, words in self._children() if "127.0.0.1" in words]
        if backends:
            os.kill(backends[0], signal.SIGKILL)
        return bool(backends)

    def freeze(self, seconds: float) -> None:
        """No process of the cluster runs for a while."""
        main = self._main_pid()
        pids = [pid for pid, _ in self._children()] + ([main] if main else [])
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        time.sleep(seconds)
        for pid in pids:
            _signal(pid, signal.SIGCONT)

    def remove(self) -> None:
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *arguments: str, is_checked: bool = True) -> None:
        _run(str(_programs() / "pg_ctl"), "-D", str(self.folder / "data"), *arguments, is_checked=is_checked)

    def _main_pid(self) -> int | None:
        try:
            return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _children(self) -> list[tuple[int, str]]:
        main = self._main_pid()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                words = (entry / "cmdline").read_text().replace("\0", " ")
            except (OSError, ValueError, IndexError):
                continue
            if parent == main:
                found.append((int(entry.name), words))
        return found


def _signal(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return
