"""Panels that courses hang into pages of other packages."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from flask import render_template

from assessments.domain.eligibility import Lesson
from courses.queries.cohorts import list_cohorts_of
from courses.queries.lessons import list_lessons
from lms import clock
from lms.web.transactions import reading


def what_to_study(*, test_slug: str, weak_skills: Collection[str], **_facts: Any) -> str:
    """On a result: the lessons that teach the skills in which it was weak; nothing when there are none."""
    if not weak_skills:
        return ""
    with reading() as session:
        lessons = list_lessons(session, course_slug=test_slug, person_id=None)
    wanted = [lesson for lesson in lessons if set(lesson.skills) & set(weak_skills)]
    if not wanted:
        return ""
    return render_template("courses/public/what_to_study.html", slug=test_slug, lessons=wanted)


def study_first(*, test_slug: str, lessons: Sequence[Lesson], **_facts: Any) -> str:
    """Before a test that may not be started yet: the way to the lessons that come first."""
    return render_template("courses/public/study_first.html", slug=test_slug, lessons=lessons)


def on_managing() -> str:
    """On the managers' first page: the way to the cohorts."""
    return render_template("courses/panels/managing.html")


def on_home(*, person_id: UUID, **_facts: Any) -> str:
    """On somebody's own page: the cohorts that they belong to, with their dates; nothing without any."""
    at = clock.now()
    with reading() as session:
        cohorts = list_cohorts_of(session, person_id=person_id, at=at)
    return render_template("courses/panels/home.html", cohorts=cohorts, at=at) if cohorts else ""
