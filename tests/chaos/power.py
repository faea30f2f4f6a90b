"""Power loss on SQLite: images of the database's files as they may lie on the disk when the power fails.

`kill -9` leaves the system's cache alone, so it says nothing of power. What the disk surely has is what was written
before a commit was acknowledged, because with synchronous=FULL the log is synced first; of what was written after the
last acknowledged commit the disk may have all, none, a part, or garbage in its place. An image takes the files at any
moment and does one of these things to the part of the log that was not yet synced.
"""

import random
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text

from lms.db.engine import make_engine


@dataclass(frozen=True, slots=True)
class Image:
    """A copy of the files, and the answers that were acknowledged before it was taken."""

    folder: Path
    acknowledged: int
    how: str


@dataclass(slots=True)
class Writer:
    """Writes numbered answers one commit at a time, through the engine that the application uses."""

    path: Path
    acknowledged: int = 0
    synced_bytes: int = 0  # of the log, when the last commit was acknowledged
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = make_engine(f"sqlite:///{self.path}")
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE answer (number INTEGER PRIMARY KEY, response TEXT)"))

    @property
    def log(self) -> Path:
        return Path(f"{self.path}-wal")

    def answer(self) -> None:
        """Commit one answer; when this returns, it was acknowledged."""
        number = self.acknowledged + 1
        with self.engine.begin() as connection:
            connection.execute(text("INSERT INTO answer VALUES (:n, :r)"), {"n": number, "r": f"{number} " * 400})
        self.acknowledged = number
        self.synced_bytes = self.log.stat().st_size

    def answer_in_part(self) -> "sqlite3.Connection":
        """Write so much without committing that it spills into the log, as a commit under way does."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN IMMEDIATE")
        for number in range(100_000, 100_100):
            connection.execute("INSERT INTO answer VALUES (?, ?)", (number, f"{number} " * 400))
        return connection

    def close(self) -> None:
        self.engine.dispose()


def take_image(writer: Writer, folder: Path, chance: random.Random) -> Image:
    """The files as the disk may have them if the power failed now."""
    folder.mkdir()
    synced, acknowledged = writer.synced_bytes, writer.acknowledged
    for path in (writer.path, writer.log):  # not the -shm file: it is never synced, and made anew
        if path.exists():
            shutil.copyfile(path, folder / path.name)
    log = folder / writer.log.name
    how = chance.choice(["whole", "cut", "gone", "garbled", "zeroed"])
    _lose(log, synced, how, chance)
    return Image(folder / writer.path.name, acknowledged, how)


def _lose(log: Path, synced: int, how: str, chance: random.Random) -> None:
    content = bytearray(log.read_bytes())
    unsynced = range(synced, len(content))
    if how == "gone":
        del content[synced:]
    elif how == "cut" and unsynced:
        del content[chance.choice(unsynced) :]
    elif how == "garbled":
        for place in chance.sample(unsynced, min(len(unsynced), 400)):
            content[place] = chance.randrange(256)
    elif how == "zeroed" and unsynced:
        start = chance.choice(unsynced)
        content[start:] = bytes(len(content) - start)
    log.write_bytes(content)


def faults_of(image: Image) -> list[str]:
    """What is wrong with an image once SQLite has recovered it; an answer too many is not a fault, one too few is."""
    connection = sqlite3.connect(image.folder)
    integrity = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    numbers = [row[0] for row in connection.execute("SELECT number FROM answer ORDER BY number")]
    wrong = connection.execute("SELECT count(*) FROM answer WHERE response NOT LIKE number || ' %'").fetchone()[0]
    connection.close()
    faults = [line for line in integrity if line != "ok"]
    if numbers[: image.acknowledged] != list(range(1, image.acknowledged + 1)):
        faults.append(f"{image.acknowledged} were acknowledged, {len(numbers)} are there ({image.how})")
    if len(numbers) > image.acknowledged + 1:
        faults.append(f"{len(numbers) - image.acknowledged} answers are there that nobody committed ({image.how})")
    if wrong:
        faults.append(f"{wrong} answers are not what was written ({image.how})")
    return faults
