"""Breaks: the clock of an attempt stops and runs again; what is not used is given back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessments.operations.timing import lock_attempt, set_clock
from lms.errors import Conflict


def begin_break(session: Session, *, attempt_id: UUID, person_id: UUID, at: datetime) -> None:
    """Stop the clock; asked for twice it stops once. The stored deadline is the one of whoever never comes back.

    Raises NotFound, Gone once the attempt is closed, Conflict when no break is left.
    """
    attempt, clock = lock_attempt(session, attempt_id=attempt_id, person_id=person_id, at=at)
    if clock.is_on_break(at):
        return
    try:
        resting = clock.begin_break(at)
    except ValueError as fault:
        raise Conflict("You have no time for breaks left in this attempt.") from fault
    set_clock(session, attempt, resting, at=at)


def end_break(session: Session, *, attempt_id: UUID, person_id: UUID, at: datetime) -> None:
    """Let the clock run again; without a break nothing changes. Raises NotFound, Gone once the attempt is closed."""
    attempt, clock = lock_attempt(session, attempt_id=attempt_id, person_id=person_id, at=at)
    if clock.break_ends_at is not None:
        set_clock(session, attempt, clock.end_break(at), at=at)
