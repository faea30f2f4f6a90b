"""Submitting: one submit wins, and grades at once unless a marker is needed; the server submits when time is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState
from assessments.operations.grading import grade_attempt
from assessments.queries.attempts import get_attempt


def hand_in_attempt(session: Session, *, attempt_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Submit, and grade unless a response waits for a marker; False when it was handed in before, which then stands.

    Raises NotFound when the attempt is not this person's.
    """
    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person_id)
    is_late = attempt.deadline_at < at
    submitted_at = min(at, attempt.deadline_at)
    return _close(session, attempt_id=attempt_id, submitted_at=submitted_at, by_deadline=is_late, at=at)


def hand_in_if_overdue(session: Session, *, attempt_id: UUID, at: datetime) -> bool:
    """Submit on behalf of somebody whose time is over; False when it is not, or was submitted before."""
    attempt = session.get_one(Attempt, attempt_id)
    if attempt.state is not AttemptState.OPEN or at <= attempt.deadline_at:
        return False
    return _close(session, attempt_id=attempt_id, submitted_at=attempt.deadline_at, by_deadline=True, at=at)


def _close(session: Session, *, attempt_id: UUID, submitted_at: datetime, by_deadline: bool, at: datetime) -> bool:
    """The guarded update lets one of many submits through and waits for answers that are being saved."""
    won = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.OPEN)
        .values(state=AttemptState.SUBMITTED, submitted_at=submitted_at, was_submitted_by_deadline=by_deadline)
        .returning(Attempt.id)
    ).scalar_one_or_none()
    if won is None:
        return False
    grade_attempt(session, attempt_id=attempt_id, at=at)
    return True
