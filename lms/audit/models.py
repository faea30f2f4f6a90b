"""The table of audit events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class AuditEvent(OwnedByOrganisation, Base):
    """One privileged act. Rows are only ever added."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_newest", "organisation_id", "at", "id"),)

    id: Mapped[UuidKey]
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80))  # a person's id, or the command that acted
    action: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
