"""Findings: what is wrong with a catalogue, by file and line."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: where it is, what is wrong, and what was expected."""

    path: Path
    line: int  # 1 is the first
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Findings:
    """Collects faults, so that a check tells all of them and not only the first."""

    def __init__(self) -> None:
        self._found: set[Finding] = set()

    def add(self, path: Path, line: int, message: str) -> None:
        self._found.add(Finding(path, line, message))

    def sorted(self) -> list[Finding]:
        return sorted(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)
