"""Reading text files from strangers, plain or gzipped: bounded in bytes, so that no small file becomes a huge one."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assessments.adapters.exchange import UnreadableFile

MOST_BYTES = 100_000_000  # of a file as it lies there
MOST_UNPACKED = 200_000_000  # bytes of a gzipped file, unpacked
LONGEST_LINE = 2_000_000  # characters

_GZIP = b"\x1f\x8b"


class _Bounded(io.BufferedIOBase):
    """The unpacked bytes of a file, and no more of them than are allowed."""

    def __init__(self, source: io.BufferedIOBase, most: int) -> None:
        self._source = source
        self._most = most
        self._count = 0
        self.name = "the unpacked file"  # TextIOWrapper wants one

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._counted(self._source.read, -1 if size is None else size)

    def read1(self, size: int = -1, /) -> bytes:
        return self._counted(self._source.read1, size)

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        allowed = self._most - self._count + 1
        try:
            chunk = read(allowed if size < 0 else min(size, allowed))
        except (OSError, EOFError, zlib.error) as fault:
            raise UnreadableFile(f"the gzipped data is broken: {fault}") from fault
        self._count += len(chunk)
        if self._count > self._most:
            raise UnreadableFile(f"more than {self._most:,} bytes come out of the file; at most so many are read")
        return chunk


@contextmanager
def open_text(path: Path, *, most_unpacked: int = MOST_UNPACKED) -> Iterator[io.TextIOWrapper]:
    """Open a UTF-8 file, which may be gzipped whatever it is called; a byte order mark is skipped.

    Raises UnreadableFile, here or while reading, for what is no file, too large or not UTF-8.
    """
    check_size(path)
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(2) == _GZIP
            raw.seek(0)
            source = gzip.GzipFile(fileobj=raw) if is_packed else raw
            yield io.TextIOWrapper(_Bounded(source, most_unpacked), encoding="utf-8-sig", newline="")
    except UnicodeDecodeError as fault:
        raise UnreadableFile(f"it is not UTF-8: {fault.reason}") from fault
    except OSError as fault:
        raise UnreadableFile(f"it cannot be opened: {fault.strerror or fault}") from fault


def check_size(path: Path) -> None:
    """Raise UnreadableFile for what is no ordinary file, and for one of more than 100 MB."""
    if not path.is_file():
        raise UnreadableFile("it is no file")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UnreadableFile(f"it has {size:,} bytes; at most {MOST_BYTES:,} are taken")


def read_lines(path: Path) -> Iterator[tuple[int, str | None]]:
    """The lines of a file with their numbers from 1, without line ends; None stands for a line that is too long.

    Raises UnreadableFile as `open_text` does.
    """
    with open_text(path) as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            is_whole = len(line) < LONGEST_LINE or line.endswith("\n")
            if not is_whole:
                _skip_line(file)
            yield number, line.rstrip("\r\n") if is_whole else None


def _skip_line(file: io.TextIOWrapper) -> None:
    while rest := file.readline(LONGEST_LINE):
        if rest.endswith("\n"):
            return


def find_in(folder: Path, name: str) -> Path:
    """The file of this name in a folder, or the same gzipped; files with a prefix before `__` count as well.

    Raises UnreadableFile when there is none.
    """
    wanted = {name, f"{name}.gz"}
    for path in sorted(folder.iterdir()):
        if path.name in wanted or path.name.rpartition("__")[2] in wanted:
            return path
    raise UnreadableFile(f"the folder {folder.name} has no {name}, nor a {name}.gz")
