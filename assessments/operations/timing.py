"""The clock of an attempt that is under way: locked, changed by a rule of the domain, and written as one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assessments.domain.deadlines import AttemptClock
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.tests import TestVersion
from assessments.operations.deadline_messages import post_deadline
from assessments.queries.attempts import clock_of
from lms.errors import Gone, NotFound


def open_attempts() -> Select[Attempt, int]:
    """Open attempts with the limit of their test in seconds; who gets a row keeps it to himself until the commit."""
    return (
        select(Attempt, TestVersion.limit_seconds)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
        .where(Attempt.state == AttemptState.OPEN)
        .order_by(Attempt.id)  # two that lock several must not wait for each other
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def lock_attempt(session: Session, *, attempt_id: UUID, person_id: UUID, at: datetime) -> tuple[Attempt, AttemptClock]:
    """An attempt of this person that takes answers. Raises NotFound, and Gone once it is closed."""
    owned = Attempt.id == attempt_id, Attempt.person_id == person_id
    row = session.execute(open_attempts().where(*owned)).one_or_none()
    if row is None and session.scalar(select(Attempt.id).where(*owned)) is None:
        raise NotFound("There is no such attempt among yours.")
    if row is None or row[0].deadline_at < at:
        raise Gone("This attempt is closed; it takes no more answers.")
    attempt, limit = row
    return attempt, clock_of(attempt, limit)


def set_clock(session: Session, attempt: Attempt, clock: AttemptClock, *, at: datetime) -> None:
    """Write the clock of a locked attempt; its deadline is the one that the domain computes."""
    is_earlier = clock.deadline < attempt.deadline_at
    attempt.deadline_at = clock.deadline
    attempt.time_percent = clock.percent
    attempt.is_untimed = clock.is_untimed
    attempt.break_seconds = clock.break_seconds
    attempt.break_seconds_left = clock.break_seconds_left
    attempt.break_ends_at = clock.break_ends_at
    attempt.credit_seconds = clock.credit_seconds
    session.flush()
    if is_earlier:
        post_deadline(session, attempt_id=attempt.id, deadline_at=clock.deadline, at=at)
