"""Keeps checked drafts on disk between reading a file and storing it, so that a large file needs little memory."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

from assessments.models.items import Difficulty, ItemUse
from assessments.operations.publishing import Draft

HELD = 8_000_000  # bytes that are held in memory before the disk is used


@dataclass(frozen=True, slots=True)
class Spooled:
    """A draft, and the row that it was read from."""

    row: int
    where: str
    draft: Draft


class DraftSpool:
    """Drafts in the order in which they were added; read in batches, as often as wanted."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115  # closed by __exit__
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, spooled: Spooled) -> None:
        self._file.write(json.dumps(asdict(spooled)).encode() + b"\n")
        self.count += 1

    def batches(self, size: int) -> Iterator[list[Spooled]]:
        """The drafts in lists of at most `size`."""
        self._file.seek(0)
        while lines := list(islice(self._file, size)):
            yield [_spooled(line) for line in lines]


def _spooled(line: bytes) -> Spooled:
    raw = json.loads(line)
    draft = raw["draft"]
    draft |= {"use": ItemUse(draft["use"]), "difficulty": Difficulty(draft["difficulty"])}
    return Spooled(raw["row"], raw["where"], Draft(**draft))
