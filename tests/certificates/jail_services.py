"""Services that misbehave, for a jail to hold."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from certificates.adapters.pdf.cell import Service


def echoing() -> Service:
    return lambda message: message


def obeying() -> Service:
    """Does what the message says, and answers what came of it."""
    return lambda message: str(_DEEDS[message.decode().partition(" ")[0]](message.decode().partition(" ")[2])).encode()


def _attempt(deed: Callable[[str], object]) -> Callable[[str], object]:
    def attempt(argument: str) -> object:
        try:
            return deed(argument)
        except OSError as error:
            return f"refused: {error}"

    return attempt


def _spin(_argument: str) -> None:
    while True:
        pass


def _connect(port: str) -> object:
    with socket.create_connection(("127.0.0.1", int(port)), timeout=2):
        return "connected"


_DEEDS: dict[str, Callable[[str], object]] = {
    "pid": lambda _argument: os.getpid(),
    "die": lambda _argument: signal.raise_signal(signal.SIGKILL),
    "fail": lambda _argument: 1 // 0,
    "exit": lambda status: os._exit(int(status)),
    "sleep": lambda seconds: time.sleep(float(seconds)),
    "spin": _spin,
    "hoard": lambda size: len(bytearray(int(size))),
    "environment": lambda _argument: sorted(os.environ),
    "print": lambda words: sys.stdout.write(words) and sys.stdout.flush(),
    "read": _attempt(lambda path: Path(path).read_text()),
    "write": _attempt(lambda path: Path(path).write_text("x")),
    "run": _attempt(lambda program: subprocess.run([program], check=True)),
    "connect": _attempt(_connect),
    "fork": _attempt(lambda _argument: os.fork()),
}
