"""A process that is kept running: the worker beside the server, started again when it dies, ended with the server."""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

log = structlog.get_logger()
_LOOK = 0.5  # seconds between two looks at it
_LONGEST_PAUSE = 30.0  # seconds before a worker that dies again and again is started once more
_FINISHING = 30.0  # seconds that it may take to finish what it has in its hands


@contextmanager
def kept_running(command: Sequence[str]) -> Iterator["KeptProcess"]:
    """A process that runs this command for as long as the block lasts."""
    worker = KeptProcess(command)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


class KeptProcess:
    """Watches one process from a thread of its own. Without it no attempt would be handed in after a crash."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._is_ending = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        self._launch()
        self._watcher.start()

    def stop(self) -> None:
        """Returns once it has ended."""
        self._is_ending.set()
        self._watcher.join()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=_FINISHING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _launch(self) -> None:
        self._process = subprocess.Popen(self._command)  # noqa: S603  # our own program

    def _watch(self) -> None:
        pause = _LOOK
        while not self._is_ending.wait(_LOOK):
            status = self._process.poll() if self._process is not None else None
            if status is None:
                pause = max(_LOOK, pause - _LOOK / 4)  # the longer it lives, the sooner it is started again
                continue
            log.error("the worker ended; it is started again", status=status, pause_seconds=pause)
            if self._is_ending.wait(pause):
                return
            pause = min(_LONGEST_PAUSE, 2 * pause)
            self._launch()
