"""Outcomes of work as platforms post them: what is accepted, what was posted before, and why something is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

OLDEST = timedelta(days=90)  # what is posted later is of no use to anybody
CLOCKS_DIFFER = timedelta(minutes=5)  # by so much a platform's clock may be ahead of ours
MOST_A_DAY = 500  # outcomes of one person on one day (UTC), where the tier states no bound of its own


class OutcomeKind(StrEnum):
    """How an answer was judged."""

    GOLD = "gold"  # against a key that was known before
    REVIEW = "review"  # by a second person


class Fault(StrEnum):
    """Why an outcome is refused."""

    UNKNOWN_SUBJECT = "unknown-subject"
    UNKNOWN_TIER = "unknown-tier"
    IN_THE_FUTURE = "in-the-future"
    TOO_OLD = "too-old"
    TOO_MANY = "too-many"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one answer turned out, as posted. `external_id` is the platform's own and names the outcome for good."""

    external_id: str
    person_id: UUID
    task_id: str
    skill: str
    tier: str | None
    kind: OutcomeKind
    score: Fraction
    occurred_at: datetime

    @property
    def task(self) -> tuple[UUID, str, str]:
        """What a person answers for the first time, or again."""
        return self.person_id, self.task_id, self.skill

    @property
    def day(self) -> date:
        """The day in UTC, for the bound of volume."""
        return self.occurred_at.astimezone(UTC).date()


def fault_of_time(occurred_at: datetime, at: datetime) -> Fault | None:
    """Why an outcome of that instant is not taken at this one; None when it is."""
    if occurred_at > at + CLOCKS_DIFFER:
        return Fault.IN_THE_FUTURE
    return Fault.TOO_OLD if occurred_at < at - OLDEST else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one posted outcome; `fault` says why it was refused."""

    external_id: str
    state: str  # accepted, duplicate or refused
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An outcome that is accepted, with its number among those of the person; only a first answer counts."""

    outcome: Outcome
    number: int
    is_first: bool


@dataclass(slots=True)
class Ledger:
    """Takes outcomes one after the other, knowing what was taken before.

    `workers` are those of whom outcomes may be kept, `bounds` the outcomes of one person and day by tier, `posted` what
    was posted before, `days` how much of it on each day, `answered` the tasks that were answered before, `numbers` the
    last number of each person.
    """

    workers: frozenset[UUID]
    bounds: Mapping[str, int]
    posted: dict[str, Outcome]
    days: dict[tuple[UUID, date], int]
    answered: set[tuple[UUID, str, str]]
    numbers: dict[UUID, int]
    at: datetime
    entries: list[Entry] = field(default_factory=list)

    def enter(self, outcome: Outcome) -> Receipt:
        """Take it, or say that it was posted before, or why it is refused."""
        fault = self._fault(outcome)
        if fault is not None:
            return Receipt(outcome.external_id, "refused", fault)
        before = self.posted.get(outcome.external_id)
        if before is not None:
            is_same = before == outcome
            return Receipt(outcome.external_id, *(("duplicate", None) if is_same else ("refused", Fault.CONFLICT)))
        day = outcome.person_id, outcome.day
        if self.days.get(day, 0) >= self._bound(outcome):
            return Receipt(outcome.external_id, "refused", Fault.TOO_MANY)
        self._take(outcome)
        self.days[day] = self.days.get(day, 0) + 1
        return Receipt(outcome.external_id, "accepted")

    def _fault(self, outcome: Outcome) -> Fault | None:
        if outcome.person_id not in self.workers:
            return Fault.UNKNOWN_SUBJECT
        if outcome.tier is not None and outcome.tier not in self.bounds:
            return Fault.UNKNOWN_TIER
        return fault_of_time(outcome.occurred_at, self.at)

    def _bound(self, outcome: Outcome) -> int:
        return MOST_A_DAY if outcome.tier is None else self.bounds[outcome.tier]

    def _take(self, outcome: Outcome) -> None:
        number = self.numbers.get(outcome.person_id, 0) + 1
        self.entries.append(Entry(outcome, number, outcome.task not in self.answered))
        self.numbers[outcome.person_id] = number
        self.answered.add(outcome.task)
        self.posted[outcome.external_id] = outcome
