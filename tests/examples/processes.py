"""The two sites as processes of their own: Assay with its worker, and the task platform."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.examples.browsing import eventually
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PREPARE = ROOT / "examples" / "task_platform" / "prepare.py"


@dataclass(frozen=True)
class Sites:
    """Where both answer, and what was made on the way."""

    assay: str
    platform: str
    invitation: str
    managers: dict[str, str]  # passwords by address
    environment: dict[str, str]
    folder: Path

    def command(self, *words: str) -> str:
        """Run a command of Assay on the same data. Raises AssertionError when it fails."""
        return _run([sys.executable, str(ROOT / "wsgi.py"), *words], self.environment)

    def logs(self) -> str:
        return "".join(path.read_text()[-6000:] for path in sorted(self.folder.glob("*.log")))


@contextmanager
def both_sites(folder: Path, database_url: str) -> Iterator[Sites]:
    """Prepared as `make example` does it; both end with the block."""
    assay_port, platform_port = free_port(), free_port()
    assay, platform = f"http://127.0.0.1:{assay_port}", f"http://127.0.0.1:{platform_port}"
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "PORT": str(assay_port),
        "WEBHOOKS_ALLOW_LOOPBACK": "1",
        "PYTHONPATH": str(ROOT),
    }
    program = [sys.executable, str(ROOT / "wsgi.py")]
    _run([*program, "migrate"], environment)
    _run([*program, "catalogue", "load", str(ROOT / "courses" / "catalogue")], environment)
    settings = folder / "platform.json"
    told = _run([sys.executable, str(PREPARE), str(settings), platform], environment)
    sites = Sites(
        assay,
        platform,
        re.search(r"\S+/invitations/\S+", told)[0],
        dict(re.findall(r"(\S+@\S+), password (\S+)", told)),
        environment,
        folder,
    )
    examples = {**environment, "PYTHONPATH": str(ROOT / "examples")}
    with (
        _running([*program, "serve", "--with-worker"], environment, folder / "assay.log", f"{assay}/readyz"),
        _running([sys.executable, "-m", "task_platform", str(settings)], examples, folder / "platform.log", platform),
    ):
        yield sites


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path, address: str) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output)
    try:
        eventually(lambda: _answers(process, address), f"{address}: {log.read_text()[-3000:]}")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(process: "subprocess.Popen[bytes]", address: str) -> bool:
    assert process.poll() is None, f"{address} ended by itself"
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lines_of(text: str) -> list[dict[str, object]]:
    """What a command printed as JSON, a value a line."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
