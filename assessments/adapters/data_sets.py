"""What the readers of public data sets share: rows with checked fields, and items that say where they come from."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.adapters.exchange import Omission, Reading, ReadItem, Refusal
from assessments.adapters.plain_words import unsound
from assessments.domain.schemas.base import echo

NO_REASON = "The data set gives no reason for this answer."
ONE_VERDICT = "; the file holds one verdict a row, and not how many people it rests on"


class RowFault(ValueError):
    """No item can be made of this row; the message says what is wrong and what was expected."""


@dataclass(slots=True)
class Row:
    """One row of a data set: `values` by name, checked as they are taken; `left_out` says what the item lacks."""

    number: int
    where: str
    values: Mapping[str, Any]
    left_out: list[str] = field(default_factory=list)

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """A text as it stands. Raises RowFault when it is missing, no text, empty, or no sound Unicode."""
        value = self._get(name)
        if not isinstance(value, str):
            raise RowFault(f"{name} should be a text, got {_shown(value)}")
        if fault := unsound(value):
            raise RowFault(f"{name} {fault}")
        if not may_be_empty and not value.strip():
            raise RowFault(f"{name} is empty")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts, each as `text` takes it, though it may be empty."""
        named = {f"{name}.{at}": entry for at, entry in enumerate(self.entries(name), start=1)}
        return [self.part_of(name, named).text(field, may_be_empty=True) for field in named]

    def whole(self, name: str, *choices: int) -> int:
        """A whole number, one of the choices where there are any. Raises RowFault for anything else."""
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise RowFault(f"{name} should be a whole number, got {_shown(value)}")
        if choices and value not in choices:
            raise RowFault(f"{name} should be {', '.join(map(str, choices))}, got {_shown(value)}")
        return value

    def one_of(self, name: str, *choices: str) -> str:
        """A text that is one of the choices, whatever its case. Raises RowFault for anything else."""
        value = self.text(name)
        if value.strip().lower() not in choices:
            raise RowFault(f"{name} should be {', '.join(choices)}, got {_shown(value)}")
        return value.strip().lower()

    def entries(self, name: str) -> list[Any]:
        """A list of whatever there is. Raises RowFault for anything else."""
        value = self._get(name)
        if not isinstance(value, list):
            raise RowFault(f"{name} should be a list, got {_shown(value)}")
        return value

    def part(self, name: str) -> "Row":
        """A nested object as a row of its own, which shares what is left out. Raises RowFault for anything else."""
        return self.part_of(name, self._get(name))

    def parts(self, name: str) -> "list[Row]":
        """A list of nested objects."""
        return [self.part_of(f"{name}.{at}", entry) for at, entry in enumerate(self.entries(name), start=1)]

    def part_of(self, name: str, value: object) -> "Row":
        if not isinstance(value, dict):
            raise RowFault(f"{name} should be an object, got {_shown(value)}")
        return Row(self.number, self.where, value, self.left_out)

    def _get(self, name: str) -> Any:
        if name not in self.values:
            raise RowFault(f"{name} is missing")
        return self.values[name]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set: what its items are called, who made it, and under which licence others may use it."""

    name: str
    author: str
    title: str
    year: int
    publisher: str
    url: str
    licence: str
    changes: str | None = None

    def item(
        self,
        row: Row,
        *,
        identifier: str,
        type: str,
        content: Mapping[str, Any],
        key: Mapping[str, Any],
        rationale: str,
        provenance: Mapping[str, Any],
        note: str | None = None,
        tags: Sequence[str] = (),
    ) -> ReadItem:
        """An item for practice made of this row, with its source and its licence."""
        source = {"author": self.author, "title": self.title, "year": self.year, "publisher": self.publisher}
        source |= {"url": self.url} | ({"note": note} if note else {})
        attribution = {"source": f"{self.author}: {self.title}", "licence": self.licence, "url": self.url}
        return ReadItem(
            row=row.number,
            where=row.where,
            identifier=f"{self.name}-{identifier}",
            type=type,
            content=content,
            key=key,
            rationale=rationale,
            sources=(source,),
            tags=(self.name, *tags),
            provenance=provenance,
            attribution=attribution | ({"changes": self.changes} if self.changes else {}),
        )


def read_rows(rows: Iterable[tuple[int, str, object]], make: Callable[[Row], ReadItem]) -> Reading:
    """Make an item of each row (its number, where it is, its values) and say what each of them lacks.

    A row whose value is a ValueError (it could not be parsed), or of which `make` raises RowFault, is refused.
    """
    for number, where, value in rows:
        yield from _read_row(number, where, value, make)


def _read_row(number: int, where: str, value: object, make: Callable[[Row], ReadItem]) -> Iterator[Any]:
    if isinstance(value, ValueError):
        yield Refusal(number, where, str(value))
        return
    if not isinstance(value, dict):
        yield Refusal(number, where, f"a row should be an object with named fields, got {_shown(value)}")
        return
    row = Row(number, where, value)
    try:
        item = make(row)
    except RowFault as fault:
        yield Refusal(number, where, str(fault))
        return
    yield item
    for said in row.left_out:
        yield Omission(number, where, said)


def fingerprint(*parts: str) -> str:
    """Twelve hexadecimal digits by which a row is known wherever in its file it stands."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def mixed(parts: Sequence[str], *, seed: str) -> list[str]:
    """The parts in an order that says nothing about them and is the same at every import."""
    return sorted(parts, key=lambda part: fingerprint(seed, part))


def votes_of(given: Iterable[Any]) -> dict[Any, int]:
    """How many gave each answer."""
    votes: dict[Any, int] = {}
    for answer in given:
        votes[answer] = votes.get(answer, 0) + 1
    return votes


def agreeing_pairs(*judgements: Sequence[object]) -> float:
    """The share of pairs of raters who gave the same answer, over all judgements, 0 to 1.

    Each judgement holds the answers of its raters, two or more.
    """
    pairs = [(a, b) for answers in judgements for at, a in enumerate(answers) for b in answers[at + 1 :]]
    return round(sum(a == b for a, b in pairs) / len(pairs), 4)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"“{echo(value)}”"
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "nothing")
    if isinstance(value, (int, float)):
        return "a huge number" if abs(value) >= 1e15 else str(value)
    return "a list" if isinstance(value, list) else "an object"
