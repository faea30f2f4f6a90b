"""The public pages of courses: catalogue, course, lesson, label guide. Strangers read everything."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from assessments.queries.practice import practice_record
from assessments.queries.tests import find_test
from assessments.web.practice import render_practice
from courses.domain.reading import ReadLesson, count_finished, next_lesson
from courses.operations.reading import finish_lesson
from courses.queries.courses import get_course, get_guide, list_courses
from courses.queries.lessons import get_lesson, list_lessons
from courses.queries.progress import list_progress
from lms import clock
from lms.organisations.roles import Role
from lms.web.policy import allow, public
from lms.web.return_path import sign_path
from lms.web.transactions import reading, transaction

courses_public = Blueprint("courses_public", __name__, template_folder="templates")


def _person_id() -> UUID | None:
    return current_user.id if current_user.is_authenticated else None


@courses_public.get("/courses/")
@public
def catalogue() -> ResponseReturnValue:
    person_id = _person_id()
    with reading() as session:
        courses = list_courses(session)
        progress = list_progress(session, person_id=person_id) if person_id else []
    return render_template(
        "courses/public/catalogue.html", courses=courses, progress={course.slug: course for course in progress}
    )


@courses_public.get("/courses/<slug>/")
@public
def course(slug: str) -> ResponseReturnValue:
    person_id = _person_id()
    with reading() as session:
        course = get_course(session, slug)
        lessons = list_lessons(session, course_slug=slug, person_id=person_id)
        test = find_test(session, slug)
    read = [ReadLesson(lesson.number, lesson.finished_at) for lesson in lessons]
    return render_template(
        "courses/public/course.html",
        course=course,
        lessons=lessons,
        test=test,
        person_id=person_id,
        read=count_finished(read),
        next_lesson=next_lesson(read),
        sign_in_url=_sign_in_url(),
    )


@courses_public.get("/courses/<slug>/lessons/<int(max=9999):number>")
@public
def lesson(slug: str, number: int) -> ResponseReturnValue:
    person_id = _person_id()
    with reading() as session:
        text = get_lesson(session, course_slug=slug, number=number, person_id=person_id)
        boxes = render_practice(session, text.practice, person_id=person_id, return_path=request.path)
        record = practice_record(session, person_id=person_id, identifiers=text.practice) if person_id else None
    return render_template(
        "courses/public/lesson.html",
        slug=slug,
        text=text,
        boxes=boxes,
        record=record,
        sign_in_url=_sign_in_url(),
    )


@courses_public.post("/courses/<slug>/lessons/<int(max=9999):number>/finish")
@allow(*Role)
def finish(slug: str, number: int) -> ResponseReturnValue:
    """Mark the lesson as read and go on to the next one, or back to the course after the last."""
    with transaction() as session:
        following = finish_lesson(session, person_id=current_user.id, course_slug=slug, number=number, at=clock.now())
    if following is None:
        flash(_("That was the last lesson."), "success")
        return redirect(url_for(".course", slug=slug), 303)
    return redirect(url_for(".lesson", slug=slug, number=following), 303)


@courses_public.get("/courses/<slug>/guide")
@public
def guide(slug: str) -> ResponseReturnValue:
    with reading() as session:
        guide = get_guide(session, slug)
    return render_template("courses/public/guide.html", guide=guide)


def _sign_in_url() -> str:
    return url_for("accounts.sign_in", next=sign_path(request.path))
