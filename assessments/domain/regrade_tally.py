"""The tally of a regrade: how many results it changes and which way, and all scores before and after in bins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

BINS = 20  # of five hundredths each; a full score stands in the last


@dataclass(slots=True)
class Tally:
    """Counts over the attempts that were scored with the old key. `old` and `new` count scores by bin."""

    attempts: int = 0
    changed: int = 0
    gained: int = 0  # newly passed
    lost: int = 0  # passed no more
    risen: int = 0
    fallen: int = 0
    old: list[int] = field(default_factory=lambda: [0] * BINS)
    new: list[int] = field(default_factory=lambda: [0] * BINS)

    def add(self, old: Fraction, new: Fraction, *, had_passed: bool, has_passed: bool, is_changed: bool) -> None:
        """Count one attempt."""
        self.attempts += 1
        self.changed += is_changed
        self.gained += has_passed and not had_passed
        self.lost += had_passed and not has_passed
        self.risen += new > old
        self.fallen += new < old
        self.old[bin_of(old)] += 1
        self.new[bin_of(new)] += 1

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def bin_of(score: Fraction) -> int:
    """The number, from 0, of the bin that a score from 0 to 1 falls into."""
    return min(BINS - 1, int(score * BINS))


def read_tally(stored: Mapping[str, Any]) -> Tally:
    """The tally as it was stored; an empty one where nothing was."""
    tally = Tally()
    for name, value in stored.items():
        setattr(tally, name, list(value) if isinstance(value, Sequence) else value)
    return tally
