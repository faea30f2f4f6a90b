"""Submitting: one submit wins, and grades at once unless a marker is needed; the server submits when time is over."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessments.domain.deadlines import AttemptClock
from assessments.events import AttemptSubmitted
from assessments.models.attempts import Attempt, AttemptState
from assessments.operations.deadline_messages import GRACE
from assessments.operations.grading import grade_attempt
from assessments.operations.timing import open_attempts
from assessments.queries.attempts import clock_of
from assessments.queries.outages import is_silent, is_undecided
from assessments.queries.tests import get_terms
from lms.errors import NotFound
from lms.events import announce

WAIT_FOR_A_BEAT = timedelta(seconds=10)
WAIT_FOR_A_DECISION = timedelta(minutes=1)


def hand_in_attempt(session: Session, *, attempt_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Submit, and grade unless a response waits for a marker; False when it was handed in before, which then stands.

    Raises NotFound when the attempt is not this person's.
    """
    owned = Attempt.id == attempt_id, Attempt.person_id == person_id
    row = session.execute(open_attempts().where(*owned)).one_or_none()
    if row is not None:
        return _close(session, row[0], clock_of(*row), at=at)
    if session.scalar(select(Attempt.id).where(*owned)) is None:
        raise NotFound("There is no such attempt among yours.")
    return False


def hand_in_if_overdue(session: Session, *, attempt_id: UUID, at: datetime) -> bool:
    """Submit on behalf of somebody whose time is over; False when it is not, or was submitted before.

    While the service is away, and until an outage is decided that took time from this attempt, it stays open.
    """
    row = session.execute(open_attempts().where(Attempt.id == attempt_id)).one_or_none()
    if row is None or _wait_until(session, row[0], at=at) is not None:
        return False
    return _close(session, row[0], clock_of(*row), at=at)


def look_again_at(session: Session, *, attempt_id: UUID, at: datetime) -> datetime | None:
    """When an attempt that is still open may be handed in at the earliest; None once it is closed."""
    row = session.execute(open_attempts().where(Attempt.id == attempt_id)).one_or_none()
    return (_wait_until(session, row[0], at=at) or at) if row else None


def _wait_until(session: Session, attempt: Attempt, *, at: datetime) -> datetime | None:
    if at <= attempt.deadline_at:
        return attempt.deadline_at + GRACE
    if is_silent(session, at=at):
        return at + WAIT_FOR_A_BEAT
    if is_undecided(session, started_at=attempt.started_at, deadline_at=attempt.deadline_at):
        return at + WAIT_FOR_A_DECISION
    return None


def _close(session: Session, attempt: Attempt, clock: AttemptClock, *, at: datetime) -> bool:
    """The guarded update lets one of many submits through and waits for answers that are being saved."""
    submitted_at = min(at, attempt.deadline_at)
    ended = clock.end_break(submitted_at)
    won = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == AttemptState.OPEN)
        .values(
            state=AttemptState.SUBMITTED,
            submitted_at=submitted_at,
            was_submitted_by_deadline=attempt.deadline_at < at,
            deadline_at=ended.deadline,
            break_seconds_left=ended.break_seconds_left,
            break_ends_at=None,
        )
        .returning(Attempt.id)
    ).scalar_one_or_none()
    if won is None:
        return False
    slug = get_terms(session, attempt.test_version_id).slug
    announce(session, AttemptSubmitted(attempt.id, attempt.person_id, slug, at))
    grade_attempt(session, attempt_id=attempt.id, at=at)
    return True
