"""The table of finished lessons."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class LessonProgress(OwnedByOrganisation, Base):
    """A person finished a lesson. It names the lesson by slug, so that it outlives the version that was read."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("person_id", "course_id", "lesson_slug"),)

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    lesson_slug: Mapped[str] = mapped_column(String(60))
    finished_at: Mapped[datetime]  # the last time
