"""Study before another try: what the courses answer when a test asks which lessons come first."""

from sqlalchemy.orm import Session

from assessments.domain.eligibility import Lesson
from assessments.events import LessonsAsked
from courses.queries.lessons import list_unfinished


def name_lessons(session: Session, question: LessonsAsked) -> None:
    """Add the lessons of the course of the same name that teach the skills and were not finished since."""
    unfinished = list_unfinished(
        session,
        course_slug=question.test_slug,
        person_id=question.person_id,
        skills=question.skills,
        since=question.since,
    )
    question.lessons.extend(Lesson(lesson.number, lesson.title) for lesson in unfinished)
