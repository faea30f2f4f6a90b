"""What people can do while they read: finish a lesson."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from courses.models.progress import LessonProgress
from courses.queries.lessons import get_lesson
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into


def finish_lesson(session: Session, *, person_id: UUID, course_slug: str, number: int, at: datetime) -> int | None:
    """Keep that the person finished this lesson; returns the number of the lesson after it, None after the last.

    Finishing it again counts anew, as study before another try does; the later of two that come at once stands.
    Raises NotFound.
    """
    lesson = get_lesson(session, course_slug=course_slug, number=number, person_id=person_id)
    kept = insert_into(session, LessonProgress).values(
        organisation_id=organisation_of(session),
        person_id=person_id,
        course_id=lesson.course_id,
        lesson_slug=lesson.entry.slug,
        finished_at=at,
    )
    session.execute(
        kept.on_conflict_do_update(
            index_elements=["person_id", "course_id", "lesson_slug"],
            set_={"finished_at": kept.excluded.finished_at},
            where=LessonProgress.finished_at < kept.excluded.finished_at,
        )
    )
    return lesson.following.number if lesson.following else None
