"""The table of accommodations: more time, breaks, or no limit, granted to a person for every test."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class Accommodation(OwnedByOrganisation, Base):
    """What one person is granted until it is ended. Only the person and managers see it."""

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("time_percent BETWEEN 100 AND 1000", name="time_percent_from_100"),
        CheckConstraint("break_minutes BETWEEN 0 AND 600", name="breaks_not_negative"),
        CheckConstraint("is_unlimited OR time_percent > 100 OR break_minutes > 0", name="grants_something"),
        CheckConstraint("granted_by != person_id", name="granted_by_another"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_iff_ended"),
        Index(
            "uq_accommodation_in_force",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_accommodation_person", "person_id", "granted_at"),
    )

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    time_percent: Mapped[int]  # of the limit: 150 is one and a half times the time
    break_minutes: Mapped[int]  # a test
    is_unlimited: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)  # for managers; may be empty
    granted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
