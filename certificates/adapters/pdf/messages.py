"""How a process and the one in its jail talk: a length of four bytes, then that many bytes."""

from typing import BinaryIO

LENGTH_BYTES = 4
MOST_BYTES = 64_000_000
OUT_OF_MEMORY = 71  # the status with which the process in the jail says so


class BrokenMessage(ValueError):
    """The other side ended within a message, or announced one that is too long."""


def write_message(stream: BinaryIO, content: bytes) -> None:
    """Send a message. Raises ValueError for one that is too long."""
    stream.write(header(content) + content)
    stream.flush()


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message; None when the other side has ended between two."""
    announced = stream.read(LENGTH_BYTES)
    if not announced:
        return None
    length = length_of(announced)
    content = stream.read(length)
    if len(content) < length:
        raise BrokenMessage("the message ends early")
    return content


def header(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise ValueError(f"a message holds at most {MOST_BYTES} bytes, this one has {len(content)}")
    return len(content).to_bytes(LENGTH_BYTES, "big")


def length_of(announced: bytes) -> int:
    length = int.from_bytes(announced, "big")
    if len(announced) < LENGTH_BYTES or length > MOST_BYTES:
        raise BrokenMessage("no message begins like this")
    return length
