"""Progress: how far somebody is in each course that they began."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from courses.domain.reading import ReadLesson, count_finished, next_lesson
from courses.models.courses import Course, CourseVersion, Lesson
from courses.models.progress import LessonProgress


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """`read` of `lessons` are finished; `next_lesson` is the number to go on with, None when all are read."""

    slug: str
    title: str
    read: int
    lessons: int
    next_lesson: int | None


def list_progress(session: Session, *, person_id: UUID) -> list[CourseProgress]:
    """The courses in which this person finished a lesson at any time, by title. One statement."""
    begun = select(LessonProgress.course_id).where(LessonProgress.person_id == person_id)
    rows = session.execute(
        select(Course.slug, CourseVersion.title, Lesson.number, LessonProgress.finished_at)
        .join(CourseVersion, CourseVersion.id == Course.current_version_id)
        .join(Lesson, Lesson.course_version_id == CourseVersion.id)
        .outerjoin(
            LessonProgress,
            and_(
                LessonProgress.course_id == Course.id,
                LessonProgress.lesson_slug == Lesson.slug,
                LessonProgress.person_id == person_id,
            ),
        )
        .where(Course.id.in_(begun))
        .order_by(CourseVersion.title, Course.slug, Lesson.number)
    )
    lessons: dict[tuple[str, str], list[ReadLesson]] = defaultdict(list)
    for slug, title, number, finished_at in rows:
        lessons[slug, title].append(ReadLesson(number, finished_at))
    return [
        CourseProgress(slug, title, count_finished(read), len(read), next_lesson(read))
        for (slug, title), read in lessons.items()
    ]
