"""Bytes that a browser loads for a page: the page itself, and its scripts, styles and fonts with all that they load."""

import asyncio
import re
from dataclasses import dataclass

from benchmarks.load.connection import Connection, Reply

_IN_PAGE = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg))"')
_IN_SCRIPT = re.compile(r'(?:from|import)\s*\(?"(\.[^"]+\.js)"')
_IN_STYLE = re.compile(r'url\("?([^")]+)"?\)')


@dataclass(frozen=True, slots=True)
class Assets:
    """Bytes of the bodies as sent, by file name."""

    sizes: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


def assets_of(browser: Connection, page: Reply) -> Assets:
    """Everything that the page loads besides itself; fonts and pictures of a style count though not all are used."""
    return asyncio.run(_load(browser, page))


async def _load(browser: Connection, page: Reply) -> Assets:
    waiting, sizes = _IN_PAGE.findall(page.text), dict[str, int]()
    browser.close()  # it may belong to an event loop that is gone
    for path in waiting:
        if path in sizes:
            continue
        reply = await browser.send("GET", path)
        if reply.status != 200:
            raise ValueError(f"{path} was answered with {reply.status}")
        sizes[path] = len(reply.body)
        waiting.extend(_loaded_by(path, reply))
    browser.close()
    return Assets({path.split("/", 3)[3]: size for path, size in sizes.items()})


def _loaded_by(path: str, reply: Reply) -> list[str]:
    pattern = _IN_SCRIPT if path.endswith(".js") else _IN_STYLE if path.endswith(".css") else None
    found = pattern.findall(reply.text) if pattern else []
    return [_joined(path, target) for target in found if not target.startswith("data:")]


def _joined(path: str, target: str) -> str:
    if target.startswith("/"):
        return target
    parts = path.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
