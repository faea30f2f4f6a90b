"""Packs files into a ZIP that unpacks to the same bytes wherever it was made."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO

_IN_MEMORY = 4_000_000  # bytes; what is larger is made on disk
_PACKED_ALREADY = (".pdf", ".png")


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in an archive; its name may have folders."""

    name: str
    content: bytes


def pack(files: Iterable[Packed], *, at: datetime) -> IO[bytes]:
    """The files as an open ZIP, read from its beginning; each is dropped from memory once it is packed."""
    archive = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    with zipfile.ZipFile(archive, "w") as opened:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=at.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            is_packed = file.name.endswith(_PACKED_ALREADY)
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            opened.writestr(entry, file.content)
    archive.seek(0)
    return archive
