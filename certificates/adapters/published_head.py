"""The published head of the issuance log: its newest checkpoint in a file that no restored database brings back.

The folder is no part of a backup of the database. Nothing but an operator lets the head go back.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from certificates.domain.checkpoints import read_note

PUBLISHED = "assay.published_head"  # names the published head of an application among its extensions
_FILE = "checkpoint"


class PublishedHead:
    """The file `checkpoint` in a folder; writers in several processes take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> str | None:
        """The signed note that was published last, or what became of it; None when there was none yet."""
        try:
            return (self.folder / _FILE).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def publish(self, note: str) -> None:
        """Publish a checkpoint that is committed; an older one than that of the file changes nothing.

        Raises ValueError when what was published before cannot be read, OSError when the file cannot be written.
        """
        with self._alone():
            before = self.read()
            if before is None or read_note(before).size < read_note(note).size:
                self._write(note)

    def replace(self, note: str | None, *, at: datetime) -> None:
        """Let the head go back, as an operator decided. What was published before is kept beside it."""
        with self._alone():
            before = self.read()
            if before is not None:
                aside = f"{_FILE}-until-{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
                os.replace(self.folder / _FILE, self.folder / aside)
            if note is not None:
                self._write(note)
            self._sync()

    def _write(self, note: str) -> None:
        with NamedTemporaryFile("w", dir=self.folder, prefix=".", encoding="utf-8", delete=False) as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, self.folder / _FILE)
        self._sync()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _sync(self) -> None:
        """Make the name durable as well as what is in the file."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
