"""Safe reading of ZIP archives from strangers: nothing unpacked to disk, no header believed, everything bounded."""

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from assessments.adapters.exchange import UnreadableFile

MOST_BYTES = 100_000_000  # of the archive itself
MOST_ENTRIES = 10_000
MOST_DIRECTORY = 5_000_000  # bytes of the table of contents: ample for so many entries
MOST_UNPACKED = 200_000_000  # bytes that are read out of one archive, over all its members
MOST_RATIO = 200  # times that a member may be larger than what it was packed to …
RATIO_FROM = 1_000_000  # … once this many bytes have come out of it

_STEP = 64 * 1024
_END = struct.Struct("<4s4H2LH")  # the record at the end that says where the table of contents is
_LOCAL = struct.Struct("<4s22x2H")  # the header before each member, of which only the lengths are of use
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])( *\..*)?", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, struct.error, ValueError)


class UnsafeArchive(UnreadableFile):
    """The file is no ZIP archive, or one that is not read; the message says what was found and what was expected."""


def open(source: Path | bytes) -> "Archive":
    """Open the archive at a path or in memory, once its table of contents has proved sound.

    Raises UnsafeArchive for archives over 100 MB or 10,000 entries, for entries that overlap, for names that are
    not plain relative paths or stand twice, for links, encrypted members and archives inside the archive. How much
    comes out is counted while it is read, see `Archive.stream`.
    """
    if isinstance(source, Path) and not source.is_file():
        raise UnsafeArchive(f"there is no file {source.name}")
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > MOST_BYTES:
        raise UnsafeArchive(f"the file has {size:,} bytes; at most {MOST_BYTES:,} are read")
    file: IO[bytes] = source.open("rb") if isinstance(source, Path) else io.BytesIO(source)
    try:
        directory = _find_directory(file, size)
        try:
            packed = zipfile.ZipFile(file)
        except _BROKEN as fault:
            raise UnsafeArchive(f"the archive's table of contents is broken: {fault}") from None
        _check_entries(packed.infolist())
        _check_extents(file, packed.infolist(), directory)
    except BaseException:
        file.close()
        raise
    return Archive(packed, file)


class Archive:
    """An open archive; `names` are its files in the order of its table of contents. Use it in a `with`."""

    def __init__(self, packed: zipfile.ZipFile, file: IO[bytes]) -> None:
        self._packed = packed
        self._file = file
        self._entries = {info.filename: info for info in packed.infolist() if not info.is_dir()}
        self._unpacked = 0
        self.names: tuple[str, ...] = tuple(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._packed.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str, at_most: int) -> bytes:
        """Return a member; raise KeyError when there is none, UnsafeArchive when it has more bytes than `at_most`."""
        data = bytearray()
        for part in self.stream(name):
            data += part
            if len(data) > at_most:
                raise UnsafeArchive(f"{plain(name)} unpacks to more than {at_most:,} bytes; at most so many are read")
        return bytes(data)

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield a member in parts of at most 64 KiB, counting them.

        Raises KeyError when there is no such member; UnsafeArchive when it is broken, is an archive itself, grows
        over 200 times its packed size, or when more than 200 MB have come out of the archive in all.
        """
        info = self._entries[name]
        size = 0
        for part in self._parts(info):
            if not size and part.startswith((b"PK\x03\x04", b"PK\x05\x06")):
                raise UnsafeArchive(f"{plain(name)} is an archive inside the archive; expected plain files")
            size += len(part)
            self._unpacked += len(part)
            if size > RATIO_FROM and size > MOST_RATIO * info.compress_size:
                raise UnsafeArchive(f"{plain(name)} unpacks to more than {MOST_RATIO} times its packed size")
            if self._unpacked > MOST_UNPACKED:
                raise UnsafeArchive(
                    f"the archive unpacks to more than {MOST_UNPACKED:,} bytes; at most so many are read"
                )
            yield part

    def _parts(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._packed.open(info) as member:
                while part := member.read(_STEP):
                    yield part
        except _BROKEN as fault:
            raise UnsafeArchive(f"{plain(info.filename)} is broken: {fault}") from None


def plain(name: str) -> str:
    """Return a name from outside so that a message may repeat it."""
    sound = "".join(c if c.isprintable() else "·" for c in name.encode("utf-8", "replace").decode("utf-8"))
    return sound if len(sound) <= 80 else "…" + sound[-79:]


def _find_directory(file: IO[bytes], size: int) -> int:
    """Return where the table of contents begins; raise UnsafeArchive unless it ends where the file's end record begins.

    zipfile is lenient here: it takes bytes before the archive, and lets a 64-bit record overrule this one.
    """
    file.seek(max(0, size - _END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise UnsafeArchive("the file is not a ZIP archive, or its end is missing")
    _, disk, first_disk, here, entries, length, offset, comment = _END.unpack_from(tail, at)
    if entries > MOST_ENTRIES or length > MOST_DIRECTORY or 0xFFFF in {here, entries} or offset == 0xFFFFFFFF:
        raise UnsafeArchive(f"the archive has too many entries; at most {MOST_ENTRIES:,} are read")
    if tail[max(0, at - 20) :].startswith(b"PK\x06\x07"):
        raise UnsafeArchive(
            f"the archive is a 64-bit one; expected a plain ZIP, which holds {MOST_BYTES:,} bytes easily"
        )
    if disk or first_disk or here != entries:
        raise UnsafeArchive("the archive is one part of several; expected it in one file")
    if offset + length != size - len(tail) + at or at + _END.size + comment != len(tail):
        raise UnsafeArchive("bytes stand before, inside or after the archive that do not belong to it")
    return int(offset)


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raise UnsafeArchive for entries whose name, kind or packing is none that we read."""
    if len(entries) > MOST_ENTRIES:
        raise UnsafeArchive(f"the archive has {len(entries):,} entries; at most {MOST_ENTRIES:,} are read")
    seen: set[str] = set()
    for info in entries:
        name = info.orig_filename
        fault = _fault_of_name(name) or _fault_of_kind(info)
        if fault:
            raise UnsafeArchive(f"{plain(name) or 'an entry without a name'}: {fault}")
        same = unicodedata.normalize("NFC", name.rstrip("/"))
        if same in seen:
            raise UnsafeArchive(f"{plain(name)} stands twice in the archive")
        seen.add(same)


def _fault_of_name(name: str) -> str | None:
    """What keeps a name from being a plain relative path on every system, or None."""
    parts = name.removesuffix("/").split("/")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        return "the name has control characters"
    if "\\" in name:
        return "the name has a backslash; parts of a path are joined by /"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "the path is absolute; expected one relative to the archive"
    if {"", ".", ".."} & set(parts):
        return "the path has an empty part, . or ..; expected a plain one"
    if any(_DEVICES.fullmatch(part.rstrip(" .")) for part in parts):
        return "the name is that of a device on some systems"
    return None


def _fault_of_kind(info: zipfile.ZipInfo) -> str | None:
    """What keeps an entry from being a plain file or folder that we unpack, or None."""
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "it is a link or a device; expected plain files"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted; expected an archive without a password"
    if info.compress_type not in _METHODS:
        return f"it is packed by method {info.compress_type}; expected stored or deflated"
    if info.filename.lower().endswith(".zip"):
        return "it is an archive inside the archive; expected plain files"
    return None


def _check_extents(file: IO[bytes], entries: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Raise UnsafeArchive when members share bytes, by which a small archive would hold them many times.

    Source: Fifield (2019), A better zip bomb, 13th USENIX Workshop on Offensive Technologies.
    """
    end, before = 0, ""
    for info in sorted(entries, key=lambda info: info.header_offset):
        file.seek(info.header_offset)
        header = file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            raise UnsafeArchive(f"{plain(info.filename)} is not where the table of contents says")
        if info.header_offset < end:
            raise UnsafeArchive(f"{plain(before)} and {plain(info.filename)} overlap; expected members side by side")
        _, name, extra = _LOCAL.unpack(header)
        end, before = info.header_offset + _LOCAL.size + name + extra + info.compress_size, info.filename
    if end > directory:
        raise UnsafeArchive(f"{plain(before)} overlaps the table of contents")
