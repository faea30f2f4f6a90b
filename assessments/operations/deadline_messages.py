"""The message that has an attempt handed in when its time is over; it waits on when the deadline moved."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from lms.outbox.operations import post

DEADLINE_TOPIC = "attempt.deadline"
# An answer that left the page in time may still be under way when the deadline strikes.
GRACE = timedelta(seconds=5)


def post_deadline(session: Session, *, attempt_id: UUID, deadline_at: datetime, at: datetime) -> None:
    """Needed at the start, and when a deadline moves to an earlier instant; a later one is waited for."""
    post(session, topic=DEADLINE_TOPIC, payload={"attempt_id": str(attempt_id)}, at=at, due_at=deadline_at + GRACE)
