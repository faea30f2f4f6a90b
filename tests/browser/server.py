"""A server process for browser tests, on a data directory of its own; it can be killed and started again."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.browser.newcomer import Site
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 180  # seconds: beside other tests a start may take long


class Server:
    """The shipped catalogue, served as `make run` serves it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        port = free_port()
        environment = {
            **os.environ,
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(port),
            "WEBHOOKS_ALLOW_LOOPBACK": "1",  # receivers of tests listen on this machine
        }
        self.site = Site(f"http://127.0.0.1:{port}", [sys.executable, str(ROOT / "wsgi.py")], environment)
        self._log = (folder / "server.log").open("w")
        self.site.command("migrate")
        self.site.command("catalogue", "load", "courses/catalogue")
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self.site.program, "serve", "--with-worker"],
            env=self.site.environment,
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        try:
            wait_for(self.site.url)
        except AssertionError:
            self.kill()
            raise

    def kill(self) -> None:
        """At once, with all its workers, as a machine that loses its power."""
        os.killpg(self._process.pid, 9)
        self._process.wait(timeout=PATIENCE)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)
        self._log.close()


def wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer within {PATIENCE} s")
