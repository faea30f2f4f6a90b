"""A browser's connection, as cheap as it can be: one kept-alive HTTP/1.1 connection with a cookie."""

import asyncio
import gzip
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import brotli  # type: ignore[import-untyped]  # publishes no types
from backports import zstd

# What Chromium sends with a page.
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.9",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0",
}
FORM = "application/x-www-form-urlencoded;charset=UTF-8"
Fields = Iterable[tuple[str, str]] | dict[str, Any]  # a form, or JSON
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_ENCODING = re.compile(rb"\r\ncontent-encoding: *([^\r]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered, as it was sent."""

    status: int
    head: bytes
    body: bytes

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.head) + len(self.body)

    @property
    def location(self) -> str:
        found = _LOCATION.search(self.head)
        return found[1].decode() if found else ""

    @property
    def text(self) -> str:
        found = _ENCODING.search(self.head)
        return unpacked(self.body, found[1].decode().strip() if found else "").decode()


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body as it was before compression. Raises ValueError for an encoding that was never asked for."""
    if not encoding:
        return body
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "br":
        return bytes(brotli.decompress(body))
    if encoding == "zstd":
        return zstd.decompress(body)
    raise ValueError(f"the server answered in {encoding!r}, which nobody asked for")


def encoded(fields: Fields) -> tuple[str, bytes]:
    """Content type and body."""
    if isinstance(fields, dict):
        return "application/json", json.dumps(fields).encode()
    return FORM, urlencode(list(fields)).encode()


class _Wire(asyncio.Protocol):
    """Collects one answer at a time."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.waiting: asyncio.Future[Reply] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.waiting is None or self.waiting.done():
            return
        head = bytes(self.buffer[: end + 4])
        length = _LENGTH.search(head)
        if length is None and head[9:12] not in (b"204", b"304"):
            self.waiting.set_exception(ValueError(f"an answer without Content-Length: {head!r}"))
            return
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self.buffer) >= whole:
            body = bytes(self.buffer[end + 4 : whole])
            del self.buffer[:whole]
            self.waiting.set_result(Reply(int(head[9:12]), head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(exc or ConnectionResetError("the server closed the connection"))


@dataclass(slots=True)
class Connection:
    """One browser: its own source address of the loopback network, so that limits by source see it as one."""

    host: str
    port: int
    source: str | None = None
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    _wire: _Wire | None = None

    async def send(
        self, method: str, path: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send one request and wait for its whole answer."""
        wire = self._wire
        if wire is None or wire.transport is None:
            wire = self._wire = await self._connect()
        wire.waiting = asyncio.get_running_loop().create_future()
        assert wire.transport is not None
        wire.transport.write(self._request(method, path, fields, headers or {}))
        reply = await wire.waiting
        for name, value in _COOKIE.findall(reply.head):
            self.cookies[name] = value
        return reply

    def close(self) -> None:
        if self._wire is not None and self._wire.transport is not None:
            self._wire.transport.close()
        self._wire = None

    async def _connect(self) -> _Wire:
        local = (self.source, 0) if self.source else None
        _transport, wire = await asyncio.get_running_loop().create_connection(
            _Wire, self.host, self.port, local_addr=local
        )
        return wire

    def _request(self, method: str, path: str, fields: Fields | None, headers: Mapping[str, str]) -> bytes:
        all_headers = {"Host": f"{self.host}:{self.port}", **HEADERS, **headers}
        body = b""
        if fields is not None:
            kind, body = encoded(fields)
            all_headers |= {"Content-Type": kind, "Content-Length": str(len(body))}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in all_headers.items())]
        head = "\r\n".join(lines).encode()
        if self.cookies:
            head += b"\r\nCookie: " + b"; ".join(name + b"=" + value for name, value in self.cookies.items())
        return head + b"\r\n\r\n" + body
