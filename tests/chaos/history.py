"""History: what candidates sent and what they were told, with the times, as the checker reads it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of something sent, as far as its sender knows."""

    UNKNOWN = "unknown"  # no answer, or none that tells: it may have happened
    SAVED = "saved"
    STALE = "stale"  # something newer is stored
    LATE = "late"  # kept, and not scored
    FENCED = "fenced"  # another window has the pen
    CLOSED = "closed"  # not taken: the attempt is closed
    REFUSED = "refused"  # not taken, for a reason that should not occur


@dataclass(slots=True)
class Save:
    """One answer at a position: sent at least once, with one sequence, from one device."""

    device: str
    position: int
    sequence: int
    response: dict[str, Any]
    first_sent_at: datetime
    epoch: int | None = None  # of the pen under which it was written
    tries: int = 0
    is_plain: bool = False  # sent by a program that does not say when it was given
    outcome: Outcome = Outcome.UNKNOWN
    told_at: datetime | None = None
    note: str = ""


@dataclass(slots=True)
class Sitting:
    """All that one candidate did and was told in one attempt."""

    candidate: str
    person_id: str
    test_slug: str
    attempt_ids: set[str] = field(default_factory=set)  # more than one would be a double start
    saves: list[Save] = field(default_factory=list)
    first_submit_sent_at: datetime | None = None
    submit_told_at: datetime | None = None
    pens: list[tuple[datetime, int]] = field(default_factory=list)  # when which epoch was told to a device
    results: set[str] = field(default_factory=set)  # what result pages said, one word each
    faults: list[str] = field(default_factory=list)  # what a candidate should never meet
    gave_up: str = ""
    clock_was_wrong: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def sent(self, save: Save) -> Save:
        with self._lock:
            self.saves.append(save)
        return save

    def submitting(self) -> None:
        with self._lock:
            self.first_submit_sent_at = self.first_submit_sent_at or now()

    def took_pen(self, epoch: int) -> None:
        with self._lock:
            self.pens.append((now(), epoch))

    def fault(self, what: str) -> None:
        with self._lock:
            self.faults.append(f"{now():%H:%M:%S.%f} {what}")


def now() -> datetime:
    """The instant at the candidate."""
    return datetime.now(UTC)


def of_position(saves: Iterable[Save], position: int) -> list[Save]:
    return [save for save in saves if save.position == position]


def tell(sitting: Sitting, position: int | None = None) -> list[str]:
    """The events of a sitting, or of one of its positions, for a person who looks for the fault."""
    events = [
        (
            save.first_sent_at,
            f"{save.device} sent position {save.position} sequence {save.sequence} {save.response}: {save.outcome}"
            + (f" at {save.told_at:%H:%M:%S.%f}" if save.told_at else "")
            + f" after {save.tries} tries {save.note}",
        )
        for save in sitting.saves
        if position in (None, save.position)
    ]
    if sitting.first_submit_sent_at is not None:
        events.append((sitting.first_submit_sent_at, f"submit sent, told at {sitting.submit_told_at}"))
    lines = [f"{at:%H:%M:%S.%f} {what}" for at, what in sorted(events)]
    return lines + sitting.faults
