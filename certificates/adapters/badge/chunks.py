"""Reads the chunks of a PNG that a stranger sent: whole, bounded, in order, and with check sums that fit.

Source: Portable Network Graphics (PNG) Specification, third edition, sections 5.2 to 5.6.
"""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_BYTES = 20_000_000
MOST_CHUNKS = 20_000  # a large picture has some thousands
_FRAME = 12  # bytes around the body of a chunk: length and name before it, the check sum behind it


class BrokenPicture(ValueError):
    """The PNG is damaged, cut short or beyond the bounds; the message is a sentence for people."""


def chunks_of(data: bytes) -> Iterator[tuple[str, memoryview]]:
    """Name and body of each chunk, from IHDR to IEND; bodies are not copied.

    Raises BrokenPicture at the first fault. Nothing may stand behind IEND: some readers would look there, others not.
    """
    if len(data) > MOST_BYTES:
        raise BrokenPicture(f"This picture is too large: a badge has at most {MOST_BYTES // 1_000_000} MB.")
    if not data.startswith(SIGNATURE):
        raise BrokenPicture("This PNG is damaged in its first eight bytes, as happens when a picture is sent as text.")
    view, at, last = memoryview(data), len(SIGNATURE), ""
    for number in range(MOST_CHUNKS):
        last, body, at = _chunk(view, at)
        if number == 0 and last != "IHDR":
            raise BrokenPicture(f"This PNG is damaged: it begins with a chunk {last}; expected IHDR.")
        yield last, body
        if last == "IEND":
            break
    if last != "IEND":
        raise BrokenPicture(f"This PNG has more than {MOST_CHUNKS:,} chunks; at most so many are read.")
    if at < len(data):
        raise BrokenPicture(f"Behind the end of this PNG stand {len(data) - at:,} bytes; expected none.")


def _chunk(view: memoryview, at: int) -> tuple[str, memoryview, int]:
    """Name and body of the chunk that begins there, and where the next one begins."""
    rest = len(view) - at
    if rest < _FRAME:
        raise BrokenPicture("This PNG is cut short: it ends before its last chunk, IEND.")
    length, name = struct.unpack(">I4s", view[at : at + 8])
    if not name.isalpha():
        raise BrokenPicture(f"This PNG is damaged: at byte {at:,} there is no chunk; expected one, or IEND before it.")
    named = name.decode("ascii")
    if length > rest - _FRAME:
        says = f"its chunk {named} says {length:,} bytes, and {rest - _FRAME:,} are there"
        raise BrokenPicture(f"This PNG is cut short or damaged: {says}.")
    end = at + 8 + length
    (expected,) = struct.unpack(">I", view[end : end + 4])
    if zlib.crc32(view[at + 4 : end]) != expected:
        raise BrokenPicture(f"This PNG is damaged: the check sum of its chunk {named} does not fit.")
    return named, view[at + 8 : end], end + 4
