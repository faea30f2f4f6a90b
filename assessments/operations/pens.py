"""Pens: one window writes an attempt at a time; taking the pen over is a deed, and fences the other window off."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState
from assessments.queries.attempts import AttemptSummary, get_attempt
from lms.audit.operations import record
from lms.errors import Conflict, Gone


@dataclass(frozen=True, slots=True)
class Pen:
    """Under which epoch an attempt is written now, and whether by the window that asked."""

    epoch: int
    is_mine: bool


def name_holder(window: str) -> str:
    """How the holder of a pen is stored: a hash, so that what is stored lets nobody pose as that window."""
    return hashlib.sha256(window.encode()).hexdigest()


def take_pen(
    session: Session, *, attempt_id: UUID, person_id: UUID, holder: str, take_over: bool = False, at: datetime
) -> Pen:
    """Get the pen when nobody has it, or with `take_over` from whoever has it; else only learn who writes.

    A new holder always writes under a new epoch, so that what the former one still sends is refused. Taking over is
    audited. Raises NotFound when the attempt is not this person's, Gone once it is closed.
    """
    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person_id)
    if attempt.state is not AttemptState.OPEN or attempt.deadline_at < at:
        raise Gone("This attempt is closed; it takes no more answers.", facts={"saved": False})
    if attempt.pen_holder == holder:
        return Pen(attempt.pen_epoch, is_mine=True)
    if attempt.pen_holder is not None and not take_over:
        return Pen(attempt.pen_epoch, is_mine=False)
    epoch = _change_holder(session, attempt, holder)
    if epoch is None:
        return _after_a_race(session, attempt, holder, take_over=take_over)
    if attempt.pen_holder is not None:
        record(session, action="attempt.pen-taken-over", actor=person_id, subject_id=attempt_id, at=at, epoch=epoch)
    return Pen(epoch, is_mine=True)


def _change_holder(session: Session, attempt: AttemptSummary, holder: str) -> int | None:
    """The guarded update waits for saves under way; None when another window was faster."""
    return session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == AttemptState.OPEN, Attempt.pen_epoch == attempt.pen_epoch)
        .values(pen_epoch=Attempt.pen_epoch + 1, pen_holder=holder)
        .returning(Attempt.pen_epoch)
    ).scalar_one_or_none()


def _after_a_race(session: Session, before: AttemptSummary, holder: str, *, take_over: bool) -> Pen:
    if take_over:
        raise Conflict("Another window took this attempt over at the same moment. Please try again.")
    session.expire_all()
    now = get_attempt(session, attempt_id=before.id, person_id=before.person_id)
    return Pen(now.pen_epoch, is_mine=now.pen_holder == holder)
