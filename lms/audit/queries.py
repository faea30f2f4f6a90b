"""Reading what was done: filtered, newest first, from page to page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from lms.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; what is empty is not asked. `since` counts, `until` does not."""

    actor: str = ""  # a person's id, or the name of a command
    action: str = ""  # the whole, or its beginning up to a dot
    subject_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_events(
    session: Session, *, filters: Filters, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> Sequence[AuditEvent]:
    """Events of the session's organisation, newest first, those before an instant and id."""
    wanted = _matching(filters)
    if before is not None:
        wanted = wanted.where(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(*before))
    return session.scalars(wanted.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)).all()


def list_actions(session: Session) -> Sequence[str]:
    """Every action that was ever recorded here, by name."""
    return session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def _matching(filters: Filters) -> Select[AuditEvent]:
    wanted = select(AuditEvent)
    if filters.actor:
        wanted = wanted.where(AuditEvent.actor == filters.actor)
    if filters.action:
        wanted = wanted.where(
            (AuditEvent.action == filters.action) | AuditEvent.action.startswith(f"{filters.action}.", autoescape=True)
        )
    if filters.subject_id is not None:
        wanted = wanted.where(AuditEvent.subject_id == filters.subject_id)
    if filters.since is not None:
        wanted = wanted.where(AuditEvent.at >= filters.since)
    if filters.until is not None:
        wanted = wanted.where(AuditEvent.at < filters.until)
    return wanted
