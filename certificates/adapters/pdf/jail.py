"""A process that is kept warm and may do next to nothing, for work on bytes that strangers had a hand in."""

import os
import selectors
import signal
import subprocess
import sys
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import IO

import structlog

from certificates.adapters.pdf.messages import LENGTH_BYTES, OUT_OF_MEMORY, BrokenMessage, header, length_of

log = structlog.get_logger()
_START_SECONDS = 60.0
_FAREWELL_SECONDS = 2.0  # for a process to end when there are no more messages
_DYING_SECONDS = 20.0  # for one that has closed its answers
_CHUNK = 65536
_MOST_LETTERS = 200  # of the last words of a process
# What it takes to find Python and fonts; no address, no key, no password.
_KEPT = ("FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME", "LANG", "LC_ALL", "PATH", "TZ", "XDG_CACHE_HOME")


class JailFailure(Exception):
    """The process in the jail gave no answer; the message says what became of it."""


class JailTimeout(JailFailure):
    """The process in the jail took too long, and was ended."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a jail allows: for one message, and messages until a new process takes over."""

    seconds: float = 20.0  # by the clock on the wall
    cpu_seconds: int = 15
    memory_bytes: int = 1_000_000_000
    messages: int = 500


class Jail:
    """Runs "module:function" in a process of its own, started at the first message and again after it died.

    One message at a time; threads wait for each other.
    """

    def __init__(self, service: str, limits: Limits) -> None:
        self._service, self._limits = service, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        self._lock = Lock()

    @property
    def process_id(self) -> int | None:
        """Of the process in the jail; None while there is none."""
        return self._process.pid if self._process else None

    def ask(self, message: bytes) -> bytes:
        """The answer of the service.

        Raises JailTimeout when there is none in time, JailFailure when the process died over it. The next message
        is answered by a new process. Raises ValueError for a message that is too long.
        """
        announced = header(message)
        with self._lock:
            process = self._started()
            try:
                answer = _exchange(process, announced + message, self._limits.seconds)
            except JailTimeout:
                self._end(patience=0)
                raise
            except (BrokenPipeError, BrokenMessage) as error:
                raise JailFailure(self._cause_of_death()) from error
            _note(process)
            self._answered += 1
            if self._answered >= self._limits.messages:
                self._end()
            return answer

    def close(self) -> None:
        """End the process, if there is one; a later message starts another."""
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._end()  # it died between two messages
        if self._process is None:
            self._process = _start(self._service, self._limits)
            self._answered = 0
            try:
                _exchange(self._process, b"", _START_SECONDS)
            except JailTimeout:
                self._end(patience=0)
                raise
            except (BrokenPipeError, BrokenMessage) as error:
                raise JailFailure(f"it did not start: {self._cause_of_death()}") from error
        return self._process

    def _cause_of_death(self) -> str:
        process = self._process
        assert process is not None
        last_words = self._end(patience=_DYING_SECONDS)
        return _cause(process.returncode) + (f" ({last_words})" if last_words else "")

    def _end(self, *, patience: float = _FAREWELL_SECONDS) -> str:
        """End the process, if there is one; returns the last line of what it complained about."""
        process, self._process = self._process, None
        if process is None:
            return ""
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=patience)  # without messages it ends by itself; if it died, this is the cause
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        last_words = _note(process)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
        return last_words


def _start(service: str, limits: Limits) -> subprocess.Popen[bytes]:
    arguments = [service, str(limits.memory_bytes), str(limits.cpu_seconds)]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # Where this process finds modules, its own will: tests and installations differ in that.
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(  # noqa: S603  # our own interpreter and our own module
        [sys.executable, "-m", "certificates.adapters.pdf.cell", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,  # a file would be out of bounds: its process may write none
        env=environment,
        bufsize=0,
    )


def _exchange(process: subprocess.Popen[bytes], sent: bytes, seconds: float) -> bytes:
    """Send all, then take one message, both before the time is over: a process that hangs reads no pipe either."""
    assert process.stdin is not None
    assert process.stdout is not None
    until = monotonic() + seconds
    _send(process.stdin, sent, until)
    length = length_of(_receive(process.stdout, LENGTH_BYTES, until))
    return _receive(process.stdout, length, until)


def _send(stream: IO[bytes], sent: bytes, until: float) -> None:
    descriptor = stream.fileno()
    os.set_blocking(descriptor, False)
    rest = memoryview(sent)
    while rest:
        _wait(descriptor, selectors.EVENT_WRITE, until)
        rest = rest[os.write(descriptor, rest[:_CHUNK]) :]


def _receive(stream: IO[bytes], length: int, until: float) -> bytes:
    descriptor = stream.fileno()
    received = bytearray()
    while len(received) < length:
        _wait(descriptor, selectors.EVENT_READ, until)
        chunk = os.read(descriptor, min(_CHUNK, length - len(received)))
        if not chunk:
            raise BrokenMessage("the process ended")
        received += chunk
    return bytes(received)


def _wait(descriptor: int, event: int, until: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if not selector.select(max(0.0, until - monotonic())):
            raise JailTimeout("it took too long and was ended")


def _note(process: subprocess.Popen[bytes]) -> str:
    """Log what the process complained about since it was last asked; returns the last line of it."""
    assert process.stderr is not None
    descriptor = process.stderr.fileno()
    os.set_blocking(descriptor, False)
    try:
        complaint = os.read(descriptor, _CHUNK).decode(errors="replace").strip()
    except BlockingIOError:
        return ""
    if complaint:
        log.warning("jail_complained", complaint=complaint)
    return complaint.rpartition("\n")[2][:_MOST_LETTERS]


def _cause(status: int) -> str:
    if status == OUT_OF_MEMORY:
        return "it needed more memory than it may have"
    if status == -signal.SIGXCPU:
        return "it used more CPU time than it may"
    if status < 0:
        return f"it was ended by {signal.Signals(-status).name}"
    return f"it ended with status {status}"
