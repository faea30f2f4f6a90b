"""Publishing courses: a draft becomes the current version, unless the course says just that already."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.domain.drafts import CourseDraft, as_json
from courses.models.courses import Course, CourseVersion, Lesson
from lms.audit.operations import record
from lms.db.scope import organisation_of


def publish_course(session: Session, *, draft: CourseDraft, at: datetime) -> int | None:
    """Make the draft what readers see; its version's number, or None when nothing changed.

    A draft that equals an older version brings that version back.
    """
    course = _course(session, draft.slug)
    version = session.scalars(
        select(CourseVersion).where(
            CourseVersion.course_id == course.id, CourseVersion.content_hash == draft.content_hash
        )
    ).one_or_none()
    if version is not None and version.id == course.current_version_id:
        return None
    if version is None:
        version = _add_version(session, course.id, draft, at)
    course.current_version_id = version.id
    session.flush()
    record(session, action="course.published", actor="catalogue", subject_id=course.id, at=at, number=version.number)
    return version.number


def _course(session: Session, slug: str) -> Course:
    course = session.scalars(select(Course).where(Course.slug == slug)).one_or_none()
    if course is None:
        course = Course(slug=slug, organisation_id=organisation_of(session))
        session.add(course)
        session.flush()
    return course


def _add_version(session: Session, course_id: UUID, draft: CourseDraft, at: datetime) -> CourseVersion:
    last = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course_id))
    version = CourseVersion(
        organisation_id=organisation_of(session),
        course_id=course_id,
        number=(last or 0) + 1,
        content_hash=draft.content_hash,
        title=draft.title,
        summary=draft.summary,
        document=draft.document,
        guide=draft.guide,
        loaded_at=at,
    )
    session.add(version)
    session.flush()
    session.add_all(
        Lesson(
            organisation_id=version.organisation_id,
            course_version_id=version.id,
            number=number,
            slug=lesson.slug,
            title=lesson.title,
            minutes=lesson.minutes,
            skills=list(lesson.skills),
            segments=as_json(lesson.segments),
            headings=as_json(lesson.headings),
            practice=lesson.practice,
        )
        for number, lesson in enumerate(draft.lessons, start=1)
    )
    session.flush()
    return version
