"""Recording what was done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent
from lms.db.scope import organisation_of


def record(
    session: Session, *, action: str, actor: UUID | str, subject_id: UUID | None = None, at: datetime, **details: Any
) -> AuditEvent:
    """Add an audit event. `details` are plain JSON values and never secrets."""
    event = AuditEvent(
        organisation_id=organisation_of(session),
        at=at,
        actor=str(actor),
        action=action,
        subject_id=subject_id,
        details=details,
    )
    session.add(event)
    return event
