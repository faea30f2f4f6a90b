"""What reading a file of items yields, and what a format is: formats are found by their modules.

A format is a module in `adapters/formats` that declares it as `FORMAT`. Adding one touches nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item as a file states it, in raw JSON values that its type has yet to check.

    `row` counts from 1 in the unit that the format's people count: lines, rows, records, files of a package.
    `where` says the same in words for a person ("line 7 of claims.jsonl").
    `skill` and `difficulty` may be empty: then the import's defaults hold.
    """

    row: int
    where: str
    identifier: str
    type: str
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    use: str = "practice"
    skill: str = ""
    difficulty: str = ""
    rationale: str = ""
    sources: tuple[Mapping[str, Any], ...] = ()
    temptations: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    provenance: Mapping[str, Any] | None = None
    attribution: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row of which no item can be made: where it is, what is wrong and what was expected."""

    row: int
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Omission:
    """Something of a row that was left out of its item, or read in another way than it was meant."""

    row: int
    where: str
    reason: str


# Each row yields one item or one refusal, and beside it any number of omissions: so rows can be counted and add up.
Reading = Iterator[ReadItem | Refusal | Omission]


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why and what was expected, and "it" for the file."""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """An item of the bank, to be written to a file."""

    identifier: str
    type: str
    use: str
    skill: str
    difficulty: str
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    rationale: str
    sources: tuple[Mapping[str, Any], ...]
    temptations: Mapping[str, str]
    tags: tuple[str, ...]
    provenance: Mapping[str, Any] | None
    attribution: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `title` says in one line what it is and which file or folder it takes.

    `read` streams: it holds one row at a time. It may raise UnreadableFile, before its first row or when the file
    breaks off later; then nothing of the file is imported. It raises nothing else, whatever the file holds.
    With `is_data_set` it is read row by row: rows may be refused and the others imported. Otherwise one refusal refuses
    the whole file.
    `write` returns the file's bytes, and the reasons for items that the format cannot hold.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[Path], Reading] | None
    write: Callable[[Iterable[WrittenItem]], tuple[bytes, list[Refusal]]] | None = None
    is_data_set: bool = False
