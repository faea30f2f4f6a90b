"""Files that people send in: kept under their hash until a worker has read them."""

import hashlib
from pathlib import Path
from typing import IO
from uuid import uuid4

from lms.errors import Invalid

_CHUNK = 1_000_000  # bytes


def keep_file(stream: IO[bytes], folder: Path, *, most_bytes: int) -> tuple[str, int]:
    """Write an upload into the folder under its SHA-256 and return that and its size.

    Raises Invalid for an empty file, and beyond the given size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{uuid4().hex}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most_bytes:
                    raise Invalid(f"The file has more than {most_bytes // 1_000_000} MB; at most so many are taken.")
                digest.update(chunk)
                file.write(chunk)
        if not size:
            raise Invalid("The file is empty, or none was chosen.")
        part.replace(folder / digest.hexdigest())
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest(), size
