"""The tables of cohorts: people who take a course together in an organisation, between two dates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey


class Cohort(OwnedByOrganisation, Published, Base):
    """A cohort with its dates; those who belong to it may study one course together, or none in particular."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("length(title) > 0", name="title_is_given"),
    )

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"), index=True)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class CohortMember(OwnedByOrganisation, Base):
    """A person belongs to a cohort."""

    __tablename__ = "cohort_member"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime]
