"""Outbound requests: to the very machine that was checked, without redirects or proxies, bounded in time and bytes."""

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Thread

from lms.errors import Invalid
from lms.webhooks.addresses import Receiver, check_machines, read_url

SECONDS = 10.0  # for all of it: the name, the connection, the request, the answer
MOST_BYTES = 16_000  # of an answer, with its headers
BODY_SECONDS = 1.0  # of them for the body: the status has told what matters
KEPT_CHARACTERS = 300
AGENT = "Assay-Webhooks/1"
Resolver = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: a status with how the answer begins, or the fault that there was none."""

    milliseconds: int
    status: int | None = None
    answer: str = ""
    fault: str | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_farewell(self) -> bool:
        """The receiver says that it wants nothing any more."""
        return self.status == 410


class OutOfTime(OSError):
    """The time for a request is over."""


class TooMuch(OSError):
    """An answer is longer than anybody reads."""


def resolve(host: str, port: int) -> Sequence[str]:
    """The IP addresses of a name, as the system knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Outbound:
    """Sends requests to receivers. `seconds` bound each of them from the first step to the last."""

    def __init__(
        self,
        *,
        allow_loopback: bool = False,
        resolver: Resolver = resolve,
        seconds: float = SECONDS,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_loopback = allow_loopback
        self._resolver = resolver
        self._seconds = seconds
        self._trust = trust

    def check(self, url: str) -> None:
        """Raises Invalid, with the reason, for a URL to which nothing would be sent."""
        self._find(read_url(url, allow_loopback=self._allow_loopback), _Deadline(self._seconds))

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send a request, and say what came of it: whatever the receiver does is no error of ours."""
        deadline = _Deadline(self._seconds)
        try:
            receiver = read_url(url, allow_loopback=self._allow_loopback)
            status, answer = self._exchange(receiver, headers, body, deadline)
        except Invalid as refusal:
            return Outcome(deadline.milliseconds, fault=str(refusal))
        except (OSError, HTTPException) as error:
            return Outcome(deadline.milliseconds, fault=_in_words(error))
        return Outcome(deadline.milliseconds, status, answer)

    def _find(self, receiver: Receiver, deadline: "_Deadline") -> str:
        try:
            answers = _within(deadline, lambda: self._resolver(receiver.host, receiver.port))
        except OutOfTime:
            raise
        except (OSError, UnicodeError):
            answers = []
        return check_machines(answers, allow_loopback=self._allow_loopback)

    def _exchange(
        self, receiver: Receiver, headers: Mapping[str, str], body: bytes, deadline: "_Deadline"
    ) -> tuple[int, str]:
        machine = self._find(receiver, deadline)
        with socket.create_connection((machine, receiver.port), timeout=deadline.left()) as plain:
            connected = self._secured(plain, receiver, deadline) if receiver.is_https else plain
            connection = HTTPConnection(receiver.host, receiver.port)
            connection.sock = connected
            connected.settimeout(deadline.left())
            ours = {"Host": receiver.authority, "User-Agent": AGENT, "Connection": "close"}
            connection.request("POST", receiver.target, body, {**headers, **ours})
            try:
                return _read(connected, deadline)
            finally:
                connected.close()

    def _secured(self, plain: socket.socket, receiver: Receiver, deadline: "_Deadline") -> ssl.SSLSocket:
        trust = self._trust or ssl.create_default_context()
        plain.settimeout(deadline.left())
        return trust.wrap_socket(plain, server_hostname=receiver.host)


class _Deadline:
    """The instant at which the time for a request is over, by a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._ends = self._began + seconds

    def left(self) -> float:
        """Raises OutOfTime when nothing is left."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise OutOfTime
        return seconds

    def shorten(self, seconds: float) -> None:
        """Let it end sooner."""
        self._ends = min(self._ends, time.monotonic() + seconds)

    @property
    def milliseconds(self) -> int:
        return round((time.monotonic() - self._began) * 1000)


class _Bounded(io.RawIOBase):
    """Bytes from a socket, as long as there is time, and not more than somebody reads."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._connected = connected
        self._deadline = deadline
        self._left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the base takes any buffer
        if self._left == 0:
            raise TooMuch
        self._connected.settimeout(self._deadline.left())
        count = self._connected.recv_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count


class _Readable:
    """What HTTPResponse asks of a socket."""

    def __init__(self, source: _Bounded) -> None:
        self._source = source

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._source, 1024)


def _read(connected: socket.socket, deadline: _Deadline) -> tuple[int, str]:
    """The status of an answer and how it begins; a body that is too long, drips or breaks off changes neither."""
    response = HTTPResponse(_Readable(_Bounded(connected, deadline)), method="POST")  # type: ignore[arg-type]  # enough
    response.begin()
    deadline.shorten(BODY_SECONDS)
    start = b""
    with suppress(OSError, HTTPException):
        while len(start) < KEPT_CHARACTERS * 4 and (more := response.read1(KEPT_CHARACTERS * 4 - len(start))):
            start += more
    return response.status, _shown(start)


def _shown(start: bytes) -> str:
    text = start.decode("utf-8", "replace")[:KEPT_CHARACTERS]
    return "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text)


def _within(deadline: _Deadline, ask: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Ask something that may hang, in a thread that is left to itself then. Raises OutOfTime, or what it raised."""
    found: list[Sequence[str]] = []
    failed: list[OSError | UnicodeError] = []

    def run() -> None:
        try:
            found.append(ask())
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if failed:
        raise failed[0]
    if not found:
        raise OutOfTime
    return found[0]


def _in_words(error: Exception) -> str:
    match error:
        case OutOfTime() | TimeoutError():
            return "There was no answer in time."
        case TooMuch():
            return "The headers of the answer were too long."
        case ssl.SSLCertVerificationError():
            return f"The certificate of the receiver is not trusted: {error.verify_message}"[:300]
        case ssl.SSLError():
            return "No secure connection could be made."
        case ConnectionRefusedError():
            return "The receiver refused the connection."
        case HTTPException():
            return "The answer was not HTTP."
        case _:
            return "The connection broke."
