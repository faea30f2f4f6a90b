"""The tables of courses, their immutable versions, and the lessons of a version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey


class Course(OwnedByOrganisation, Published, Base):
    """A course; `slug` is the name of its track folder. What it says is in its current version."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))
    # None only between the first insert and the first version, inside one transaction.
    current_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("course_version.id", name="fk_course_current_version_id", use_alter=True)
    )


class CourseVersion(OwnedByOrganisation, Published, Base):
    """One state of a course. `document` holds outcomes, hours, language, licence and authors."""

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        UniqueConstraint("course_id", "content_hash"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[UuidKey]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]]
    guide: Mapped[dict[str, Any]]  # apart, because only its own page reads it
    loaded_at: Mapped[datetime]


class Lesson(OwnedByOrganisation, Published, Base):
    """A lesson of a version; `segments` alternate between sanitised HTML and places of practice items."""

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("course_version_id", "number"),
        UniqueConstraint("course_version_id", "slug"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("minutes >= 1", name="minutes_from_one"),
    )

    id: Mapped[UuidKey]
    course_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(500))
    minutes: Mapped[int]
    skills: Mapped[list[Any]]
    segments: Mapped[list[Any]]
    headings: Mapped[list[Any]]
    practice: Mapped[list[Any]]  # identifiers of the embedded items, in order
