"""The tables of programmes: a track and a tier, with the terms on which cohorts take it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey


class Programme(OwnedByOrganisation, Published, Base):
    """A way through a track to a tier. Its terms bind the people of its cohorts, on top of those of the test."""

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("length(title) > 0", name="title_is_given"),
        CheckConstraint("due_days BETWEEN 1 AND 1000", name="due_days_in_range"),
        CheckConstraint("tries BETWEEN 1 AND 100", name="tries_in_range"),
    )

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    test_id: Mapped[UUID] = mapped_column(ForeignKey("test.id"), index=True)
    tier_id: Mapped[UUID | None] = mapped_column(ForeignKey("tier.id"), index=True)
    due_days: Mapped[int | None]  # after somebody entered; None: until the cohort ends
    tries: Mapped[int | None]  # sittings since somebody entered; None: as many as the test allows
    consents: Mapped[list[Any]]  # scopes that somebody must have agreed to before they start the test
    made_at: Mapped[datetime]


class ProgrammeCohort(OwnedByOrganisation, Published, Base):
    """A cohort takes a programme."""

    __tablename__ = "programme_cohort"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True, index=True)
