"""Tables of marking: what a marker said of a response that no program can judge."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class Mark(OwnedByOrganisation, Base):
    """One marker's levels for one response of an attempt, by criterion."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position", "marker_id"),
        ForeignKeyConstraint(["attempt_id", "position"], ["form_item.attempt_id", "form_item.position"]),
        Index("ix_mark_marker", "marker_id", "marked_at"),
    )

    id: Mapped[UuidKey]
    attempt_id: Mapped[UUID]
    position: Mapped[int]
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    levels: Mapped[dict[str, Any]]
    comment: Mapped[str] = mapped_column(Text)
    marked_at: Mapped[datetime]
