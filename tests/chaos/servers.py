"""The server under test: `assay serve --with-worker` as in production, with a supervisor that starts it again."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from lms.faults import VARIABLE
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, str(ROOT / "wsgi.py")]


@dataclass(slots=True)
class Server:
    """One installation: its data directory, its database, its processes, and the plan of faults they read."""

    folder: Path
    database_url: str
    web_workers: int = 2
    port: int = field(default_factory=free_port)
    restarts: int = 0
    log: Path = field(init=False)
    plan: Path = field(init=False)
    _process: "subprocess.Popen[bytes] | None" = None
    _is_wanted: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.log = self.folder / "server.log"
        self.plan = self.folder.parent / f"{self.folder.name}.faults"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "WEB_WORKERS": str(self.web_workers),
            VARIABLE: str(self.plan),
        }

    def command(self, *arguments: str) -> str:
        """Run a command of the program on the same data; its output. Raises AssertionError when it fails."""
        done = subprocess.run(
            [*PROGRAM, *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Start, and see that it is started again whenever it ends by itself, as systemd or Docker would."""
        self._is_wanted = True
        self._launch()
        threading.Thread(target=self._supervise, daemon=True).start()
        self.wait_until_ready()

    def stop(self) -> None:
        """End in good order; nothing of it is left."""
        with self._lock:
            self._is_wanted = False
            self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 of every process at once; the supervisor starts it again."""
        with self._lock:
            self._signal_all(signal.SIGKILL)
            self._await_end()
            self._relaunch()

    def restart(self) -> None:
        """A rolling restart: the new server is up before the old one is told to finish."""
        with self._lock:
            old = self._process
            self._launch()
            self.wait_until_ready()
            if old is not None:
                os.kill(old.pid, signal.SIGTERM)
                _await(old)
            self.restarts += 1

    def freeze(self, seconds: float) -> None:
        """No process of it runs for a while."""
        with self._lock:
            self._signal_all(signal.SIGSTOP)
            time.sleep(seconds)
            self._signal_all(signal.SIGCONT)

    def web_pids(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid, words in self._children() if "worker" not in words and "resource_tracker" not in words]

    def worker_pids(self) -> list[int]:
        """The process that delivers the outbox."""
        return [pid for pid, words in self._children() if words.split()[-1:] == ["worker"]]

    def all_pids(self) -> list[int]:
        main = [self._process.pid] if self._process is not None else []
        return main + [pid for pid, _ in self._children()]

    def arm(self, *faults: str) -> None:
        """Make these the plan; it is read at the next fault point of each process."""
        fresh = self.plan.with_suffix(".new")
        fresh.write_text("\n".join(faults), encoding="utf-8")
        os.replace(fresh, self.plan)

    def fired(self) -> int:
        """How many faults of plans have happened so far."""
        noted = self.plan.with_suffix(".fired")
        return len(noted.read_text(encoding="utf-8").splitlines()) if noted.exists() else 0

    def is_ready(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def wait_until_ready(self, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > end:
                raise AssertionError(f"the server is not ready after {seconds} s; see {self.log}")
            time.sleep(0.1)

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*PROGRAM, "serve", "--with-worker"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _relaunch(self) -> None:
        self.restarts += 1
        self._launch()

    def _supervise(self) -> None:
        while self._is_wanted:
            with self._lock:
                if self._is_wanted and self._process is not None and self._process.poll() is not None:
                    self._signal_all(signal.SIGKILL)  # a supervisor ends what is left of a dead service
                    self._relaunch()
            time.sleep(0.2)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            os.kill(self._process.pid, how)
        self._await_end()
        self._signal_all(signal.SIGKILL)
        self._process = None

    def _await_end(self) -> None:
        if self._process is not None:
            _await(self._process)

    def _signal_all(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, how)
        except ProcessLookupError:
            return

    def _children(self) -> list[tuple[int, str]]:
        """The processes below the main one, with their command lines."""
        if self._process is None:
            return []
        return [(pid, words) for pid, parent, words in _processes() if parent == self._process.pid]


def _await(process: "subprocess.Popen[bytes]") -> None:
    """Wait for an end in good order; one that takes too long is ended, with all that belongs to it."""
    try:
        process.wait(timeout=40)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _processes() -> list[tuple[int, int, str]]:
    """Id, parent and command line of every living process."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_text().replace("\0", " ").strip()
        except OSError:
            continue  # it ended meanwhile
        if stat[0] != "Z":
            found.append((int(entry.name), int(stat[1]), words))
    return found
