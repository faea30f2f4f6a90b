"""The network between a candidate's device and the server: drops, cuts, delays and repeats what it carries, by seed."""

import http.client
import json
import random
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 10.0  # seconds for one answer; the page waits a little longer


class Lost(Exception):
    """No answer came: the request may have been carried out or not."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How likely each mishap is for one request, and how long things may take, in seconds."""

    drops_request: float = 0.0
    cuts_request: float = 0.0  # the connection breaks in the middle of the request
    drops_answer: float = 0.0  # the request arrives, its answer does not
    repeats: float = 0.0  # the same request arrives a second time, up to `late` seconds later
    late: float = 0.0
    delay: float = 0.0


FAIR = Weather()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        is_json = "json" in self.headers.get("content-type", "")
        return dict(json.loads(self.body)) if is_json else {}


@dataclass(slots=True)
class Network:
    """What the candidates of one round share: the port, the weather, and how often a mishap happened."""

    port: int
    weather: Weather = FAIR
    mishaps: int = 0
    requests: int = 0
    slowest: float = 0.0  # seconds until the slowest answer
    statuses: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, answer: Answer | None, seconds: float) -> None:
        with self._lock:
            self.requests += 1
            self.slowest = max(self.slowest, seconds)
            if answer is not None:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1

    def mishap(self) -> None:
        with self._lock:
            self.mishaps += 1


class Line:
    """One device's connection, with its cookies. Requests of one line follow one another; it is not for two threads."""

    def __init__(self, network: Network, source: str, seed: str) -> None:
        self._network = network
        self._source = source
        self._chance = random.Random(seed)
        self._connection: http.client.HTTPConnection | None = None
        self.cookies: dict[str, str] = {}

    def twin(self, seed: str) -> "Line":
        """Another connection of the same browser: the same cookies."""
        line = Line(self._network, self._source, seed)
        line.cookies = self.cookies
        return line

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"", *, is_calm: bool = False
    ) -> Answer:
        """The answer, or Lost. A calm request meets no mishap on the way; the server may still be gone."""
        weather = FAIR if is_calm else self._network.weather
        if weather.delay:
            time.sleep(self._chance.random() * weather.delay)
        if self._happens(weather.drops_request):
            raise Lost("dropped on the way")
        sent = {**(headers or {}), "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self._happens(weather.cuts_request):
            self._cut(method, path, sent, body)
        if self._happens(weather.repeats):
            wait = self._chance.random() * weather.late
            threading.Thread(target=self._repeat, args=(wait, method, path, sent, body), daemon=True).start()
        return self._exchange(method, path, sent, body, loses_answer=self._happens(weather.drops_answer))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _happens(self, probability: float) -> bool:
        does = self._chance.random() < probability
        if does:
            self._network.mishap()
        return does

    def _open(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, self._network.port, timeout=PATIENCE, source_address=(self._source, 0))

    def _exchange(self, method: str, path: str, headers: dict[str, str], body: bytes, *, loses_answer: bool) -> Answer:
        began = time.monotonic()
        try:
            if self._connection is None:
                self._connection = self._open()
            self._connection.request(method, path, body=body or None, headers=headers)
            if loses_answer:
                time.sleep(self._chance.random() * 0.05)
                self.close()
                raise Lost("the answer was dropped")
            reply = self._connection.getresponse()
            answer = Answer(reply.status, {n.lower(): v for n, v in reply.getheaders()}, reply.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            self._network.count(None, time.monotonic() - began)
            raise Lost(repr(error)) from error
        self._network.count(answer, time.monotonic() - began)
        self._keep_cookies(reply)
        return answer

    def _keep_cookies(self, reply: http.client.HTTPResponse) -> None:
        for line in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def _cut(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        """Send the request but for its last bytes, and hang up. Raises Lost."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
        whole = "\r\n".join([*lines, *(f"{n}: {v}" for n, v in headers.items()), "", ""]).encode() + body
        try:
            with socket.create_connection((HOST, self._network.port), timeout=PATIENCE) as raw:
                raw.sendall(whole[: self._chance.randrange(1, max(2, len(whole) - 1))])
        except OSError as error:
            raise Lost(repr(error)) from error
        raise Lost("cut on the way")

    def _repeat(self, wait: float, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        time.sleep(wait)
        connection = self._open()
        try:
            connection.request(method, path, body=body or None, headers=headers)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            pass  # nobody waits for it
        finally:
            connection.close()
