"""Personal data of courses: which lessons somebody finished, and their cohorts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.models.cohorts import Cohort, CohortMember
from courses.models.courses import Course
from courses.models.progress import LessonProgress


def export_progress(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """Every finished lesson, oldest first."""
    rows = session.execute(
        select(Course.slug, LessonProgress.lesson_slug, LessonProgress.finished_at)
        .join(Course, Course.id == LessonProgress.course_id)
        .where(LessonProgress.person_id == person_id)
        .order_by(LessonProgress.finished_at)
    )
    return [{"course": slug, "lesson": lesson, "finished_at": at.isoformat()} for slug, lesson, at in rows]


def erase_progress(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Delete it all; nobody else's result rests on it."""
    session.execute(delete(LessonProgress).where(LessonProgress.person_id == person_id))


def export_cohorts(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """Every cohort that somebody belongs to, the one they joined first in front."""
    rows = session.execute(
        select(Cohort.slug, Cohort.title, CohortMember.joined_at)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(CohortMember.person_id == person_id)
        .order_by(CohortMember.joined_at, Cohort.slug)
    )
    return [{"cohort": slug, "title": title, "joined_at": at.isoformat()} for slug, title, at in rows]


def erase_cohorts(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Nobody is left in a cohort without a name."""
    session.execute(delete(CohortMember).where(CohortMember.person_id == person_id))
