"""What the checker found: each row that does not hold, with what was expected of it and what it says."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

FEW = 20  # findings of one kind that are kept; what follows from one change can be a million rows
_LONGEST = 200  # characters of a value that is shown


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that does not hold: its table, its key, which rule it breaks."""

    table: str
    row: str
    rule: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.rule}. Expected {self.expected}, found {self.found}."

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Findings:
    """Collects findings: all are counted, the first few of each kind are kept."""

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.checked: Counter[str] = Counter()  # rows looked at, by table

    def add(self, table: str, row: object, rule: str, *, expected: object, found: object) -> None:
        self.counts[table, rule] += 1
        if self.counts[table, rule] <= FEW:
            self.kept.append(Finding(table, str(row), rule, _short(expected), _short(found)))

    def expect(self, table: str, row: object, rule: str, *, expected: object, found: object) -> bool:
        """Add a finding unless both are equal, and say whether they are."""
        if expected != found:
            self.add(table, row, rule, expected=expected, found=found)
        return expected == found

    @property
    def total(self) -> int:
        return self.counts.total()


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
