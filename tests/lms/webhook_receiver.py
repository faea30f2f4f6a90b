"""A receiver of webhooks for tests: a small server on this machine that answers as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived, and with which status it was answered."""

    path: str
    headers: dict[str, str]
    body: str
    status: int

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The payload, once the library found the signature good."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Answers each request with the status that `decide` gives it; 200 unless told otherwise."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    decide: Callable[[str], int] = lambda _body: 200
    answer: str = "thank you"
    most_at_once: int = 0
    _inside: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    @property
    def taken(self) -> list[Request]:
        """The requests that were answered with success."""
        return [each for each in self.requests if each.status < 300]

    def take(self, path: str, headers: dict[str, str], body: str) -> int:
        with self._lock:
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
        status = self.decide(body)
        with self._lock:
            self._inside -= 1
            self.requests.append(Request(path, headers, body, status))
        return status


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver that listens while the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status = receiver.take(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            said = receiver.answer.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_rest: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
