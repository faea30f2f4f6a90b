"""Lessons of a course's current version, with what one person has finished of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, select
from sqlalchemy.orm import Session

from courses.domain.drafts import Heading, Segment
from courses.models.courses import Course, CourseVersion, Lesson
from courses.models.progress import LessonProgress
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson in a list."""

    number: int
    slug: str
    title: str
    minutes: int
    skills: tuple[str, ...]
    finished_at: datetime | None  # by the person who was asked for

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson to read, and the course around it with all its lessons in order."""

    course_id: UUID
    course_title: str
    language: str
    lessons: tuple[LessonEntry, ...]
    entry: LessonEntry
    segments: tuple[Segment, ...]
    headings: tuple[Heading, ...]
    practice: tuple[str, ...]

    @property
    def previous(self) -> LessonEntry | None:
        return self.lessons[self.entry.number - 2] if self.entry.number > 1 else None

    @property
    def following(self) -> LessonEntry | None:
        return self.lessons[self.entry.number] if self.entry.number < len(self.lessons) else None


def list_lessons(session: Session, *, course_slug: str, person_id: UUID | None) -> list[LessonEntry]:
    """The lessons in order; nothing counts as finished for a stranger, who has no `person_id`."""
    return [_entry(row) for row in session.execute(_lessons(course_slug, person_id))]


def list_unfinished(
    session: Session, *, course_slug: str, person_id: UUID, skills: Collection[str], since: datetime
) -> list[LessonEntry]:
    """The lessons that teach any of these skills and that this person did not finish after that instant."""
    lessons = list_lessons(session, course_slug=course_slug, person_id=person_id)
    return [
        lesson
        for lesson in lessons
        if set(skills) & set(lesson.skills) and (lesson.finished_at is None or lesson.finished_at <= since)
    ]


def get_lesson(session: Session, *, course_slug: str, number: int, person_id: UUID | None) -> LessonText:
    """Raises NotFound when the course has no such lesson, or there is no such course. One statement."""
    is_wanted = Lesson.number == number
    rows = session.execute(
        _lessons(course_slug, person_id).add_columns(
            Course.id.label("course_id"),
            CourseVersion.title.label("course_title"),
            # Only the wanted lesson's text crosses the wire, however long the course is.
            case((is_wanted, CourseVersion.document)).label("document"),
            case((is_wanted, Lesson.segments)).label("segments"),
            case((is_wanted, Lesson.headings)).label("headings"),
            case((is_wanted, Lesson.practice)).label("practice"),
        )
    ).all()
    row = next((row for row in rows if row.number == number), None)
    if row is None:
        raise NotFound("There is no such lesson. The course may have been rearranged; look at its list of lessons.")
    return LessonText(
        course_id=row.course_id,
        course_title=row.course_title,
        language=row.document["language"],
        lessons=tuple(_entry(row) for row in rows),
        entry=_entry(row),
        segments=tuple(Segment(**segment) for segment in row.segments),
        headings=tuple(Heading(**heading) for heading in row.headings),
        practice=tuple(row.practice),
    )


def _lessons(course_slug: str, person_id: UUID | None) -> Select[Any]:
    return (
        select(Lesson.number, Lesson.slug, Lesson.title, Lesson.minutes, Lesson.skills, LessonProgress.finished_at)
        .join(CourseVersion, CourseVersion.id == Lesson.course_version_id)
        .join(Course, Course.current_version_id == CourseVersion.id)
        .outerjoin(
            LessonProgress,
            and_(
                LessonProgress.course_id == Course.id,
                LessonProgress.lesson_slug == Lesson.slug,
                LessonProgress.person_id == person_id,
            ),
        )
        .where(Course.slug == course_slug)
        .order_by(Lesson.number)
    )


def _entry(row: Row[Any]) -> LessonEntry:
    return LessonEntry(row.number, row.slug, row.title, row.minutes, tuple(row.skills), row.finished_at)
