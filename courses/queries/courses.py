"""Courses as readers see them: the current version of each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from courses.models.courses import Course, CourseVersion, Lesson
from lms.errors import NotFound
from lms.organisations.editions import kept


@dataclass(frozen=True, slots=True)
class CourseSummary:
    """What a course is. `hours` covers course and test for a beginner, `minutes` is reading alone."""

    id: UUID
    slug: str
    title: str
    summary: str
    hours: float
    minutes: int
    lesson_count: int
    outcomes: tuple[str, ...]
    language: str
    licence: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseGuide:
    """The label guide of a course, with its entries as plain values, as guide.yaml has them."""

    slug: str
    course_title: str
    language: str
    labels: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    criteria: list[dict[str, Any]]


def list_courses(session: Session) -> tuple[CourseSummary, ...]:
    """Every course, by title. One statement, or none."""
    return kept(session, "courses", lambda: _load_courses(session))


def _load_courses(session: Session) -> tuple[CourseSummary, ...]:
    return tuple(_summary(row) for row in session.execute(_summaries().order_by(CourseVersion.title, Course.slug)))


def find_course(session: Session, slug: str) -> CourseSummary | None:
    return kept(session, ("course", slug), lambda: _load_course(session, slug))


def _load_course(session: Session, slug: str) -> CourseSummary | None:
    row = session.execute(_summaries().where(Course.slug == slug)).one_or_none()
    return _summary(row) if row else None


def get_course(session: Session, slug: str) -> CourseSummary:
    """Raises NotFound."""
    course = find_course(session, slug)
    if course is None:
        raise NotFound("There is no such course. It may have been renamed or withdrawn.")
    return course


def get_guide(session: Session, slug: str) -> CourseGuide:
    """Raises NotFound."""
    row = session.execute(
        select(CourseVersion.title, CourseVersion.document, CourseVersion.guide)
        .join(Course, Course.current_version_id == CourseVersion.id)
        .where(Course.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such course. It may have been renamed or withdrawn.")
    title, document, guide = row
    return CourseGuide(slug=slug, course_title=title, language=document["language"], **guide)


def _summaries() -> Select[Any]:
    lessons = (
        select(Lesson.course_version_id, func.count().label("lessons"), func.sum(Lesson.minutes).label("minutes"))
        .group_by(Lesson.course_version_id)
        .subquery()
    )
    return (
        select(
            Course.id,
            Course.slug,
            CourseVersion.title,
            CourseVersion.summary,
            CourseVersion.document,
            lessons.c.lessons,
            lessons.c.minutes,
        )
        .join(CourseVersion, CourseVersion.id == Course.current_version_id)
        .join(lessons, lessons.c.course_version_id == CourseVersion.id)
    )


def _summary(row: Row[Any]) -> CourseSummary:
    return CourseSummary(
        id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        hours=row.document["hours"],
        minutes=int(row.minutes),
        lesson_count=row.lessons,
        outcomes=tuple(row.document["outcomes"]),
        language=row.document["language"],
        licence=row.document["licence"],
        authors=tuple(row.document["authors"]),
    )
