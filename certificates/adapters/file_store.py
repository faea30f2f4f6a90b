"""The store of rendered certificates: files named by the hash of what is in them."""

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile


class FileStore:
    """A folder of PDFs. Putting the same bytes twice makes one file; half a file is never seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self._folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, self._path(digest))
        _sync(self._folder)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes with this hash; None when the file is gone or is not what it was."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def remove(self, digest: str) -> None:
        """Remove a file; one that is gone already is removed."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.pdf"


def _sync(folder: Path) -> None:
    """Make the new name durable as well as the content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
