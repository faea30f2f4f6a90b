"""Loading tracks: content that did not change makes no version, readers keep their progress."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.models.courses import Course, CourseVersion, Lesson
from courses.operations.catalogue import load_courses
from courses.operations.personal_data import erase_progress, export_progress
from courses.operations.publishing import publish_course
from courses.operations.reading import finish_lesson
from courses.queries.courses import find_course, get_guide, list_courses
from courses.queries.lessons import get_lesson, list_lessons
from courses.queries.progress import CourseProgress, list_progress
from lms.catalogue.readers import open_catalogue
from lms.errors import Invalid, NotFound
from tests.courses.shelves import make_course, make_draft, make_lesson
from tests.courses.track_folders import spoil, write_track
from tests.people import make_person

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SLUG = "splitting-claims"


def count_versions(session: Session) -> int:
    return session.scalar(select(func.count(CourseVersion.id))) or 0


def finish(session: Session, person_id, number: int) -> int | None:
    return finish_lesson(session, person_id=person_id, course_slug=SLUG, number=number, at=NOON)


def test_a_track_is_loaded_with_its_lessons_in_order(session: Session, tmp_path: Path):
    lines = load_courses(session, open_catalogue(write_track(tmp_path)), NOON)

    assert lines == ["course splitting-claims: 2 lessons, now version 1"]
    course = find_course(session, SLUG)
    assert course is not None
    assert (course.title, course.hours, course.lesson_count, course.minutes) == ("Splitting claims", 2, 2, 40)
    text = get_lesson(session, course_slug=SLUG, number=1, person_id=None)
    assert text.practice == ("p-1", "p-2", "p-3")
    assert [lesson.title for lesson in text.lessons] == ["What a claim is", "How to split"]
    assert get_guide(session, SLUG).labels[0]["title"] == "Supported"


def test_loading_twice_makes_no_new_version(session: Session, tmp_path: Path):
    track = open_catalogue(write_track(tmp_path))
    load_courses(session, track, NOON)

    assert load_courses(session, track, NOON) == ["course splitting-claims: 2 lessons, unchanged"]
    assert count_versions(session) == 1


def test_a_changed_lesson_makes_a_version_and_progress_survives(session: Session, tmp_path: Path):
    folder = write_track(tmp_path)
    person = make_person(session)
    load_courses(session, open_catalogue(folder), NOON)
    finish(session, person.id, 2)

    (folder / "lessons" / "02-splitting.md").rename(folder / "lessons" / "01-splitting.md")
    (folder / "lessons" / "01-claims.md").rename(folder / "lessons" / "02-claims.md")
    spoil(folder / "course.yaml", "[01-claims, 02-splitting]", "[01-splitting, 02-claims]")
    spoil(folder / "lessons" / "01-splitting.md", "The end.", "The end, at last.")

    assert load_courses(session, open_catalogue(folder), NOON) == ["course splitting-claims: 2 lessons, now version 2"]
    lessons = list_lessons(session, course_slug=SLUG, person_id=person.id)
    assert [(lesson.title, lesson.is_finished) for lesson in lessons] == [
        ("How to split", True),
        ("What a claim is", False),
    ]


def test_content_that_comes_back_brings_its_version_back(session: Session):
    first, second = make_draft(), make_draft(title="Another title")

    numbers = [publish_course(session, draft=draft, at=NOON) for draft in (first, second, first, first)]

    assert numbers == [1, 2, 1, None]
    assert count_versions(session) == 2


def test_a_faulty_course_is_not_loaded(session: Session, tmp_path: Path):
    folder = write_track(tmp_path)
    spoil(folder / "lessons" / "01-claims.md", "minutes: 20", "minutes: soon")

    with pytest.raises(Invalid, match=r"01-claims\.md:3: minutes"):
        load_courses(session, open_catalogue(folder), NOON)
    assert session.scalar(select(func.count(Course.id))) == 0


def test_finishing_a_lesson_leads_to_the_next_and_after_the_last_nowhere(session: Session):
    make_course(session)
    person = make_person(session)

    assert [finish(session, person.id, number) for number in (1, 2, 3)] == [2, 3, None]


def test_a_lesson_that_is_finished_again_was_finished_the_last_time(session: Session):
    make_course(session)
    person = make_person(session)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    finish_lesson(session, person_id=person.id, course_slug=SLUG, number=1, at=later)

    finish(session, person.id, 1)  # a request that came in before, and late

    entry = get_lesson(session, course_slug=SLUG, number=1, person_id=person.id).entry
    assert entry.finished_at == later


@pytest.mark.parametrize(("slug", "number"), [(SLUG, 0), (SLUG, 4), ("nowhere", 1)])
def test_what_is_not_there_cannot_be_finished(session: Session, slug: str, number: int):
    make_course(session)
    person = make_person(session)

    with pytest.raises(NotFound):
        finish_lesson(session, person_id=person.id, course_slug=slug, number=number, at=NOON)


def test_progress_is_told_for_begun_courses_only(session: Session):
    make_course(session)
    make_course(session, "another-course", title="Another")
    person, other = make_person(session), make_person(session)
    finish(session, other.id, 3)
    finish(session, person.id, 1)

    assert list_progress(session, person_id=person.id) == [CourseProgress(SLUG, "Splitting claims", 1, 3, 2)]
    assert [course.title for course in list_courses(session)] == ["Another", "Splitting claims"]


def test_a_lesson_that_was_dropped_no_longer_counts(session: Session):
    make_course(session)
    person = make_person(session)
    finish(session, person.id, 1)
    finish(session, person.id, 3)
    make_course(session, lessons=[make_lesson("claims"), make_lesson("cutting")])

    assert list_progress(session, person_id=person.id) == [CourseProgress(SLUG, "Splitting claims", 1, 2, 2)]


def test_progress_is_exported_and_erased_for_one_person_alone(session: Session):
    make_course(session)
    person, other = make_person(session), make_person(session)
    for reader in (person, other):
        finish(session, reader.id, 1)

    assert export_progress(session, person.id) == [
        {"course": SLUG, "lesson": "claims", "finished_at": NOON.isoformat()}
    ]
    erase_progress(session, person_id=person.id, at=NOON)
    assert export_progress(session, person.id) == []
    assert len(export_progress(session, other.id)) == 1


def test_the_practice_items_of_a_lesson_are_stored_in_order(session: Session):
    make_course(session)

    assert [lesson.practice for lesson in session.scalars(select(Lesson).order_by(Lesson.number))] == [
        ["p-claims"],
        ["p-cutting"],
        ["p-sources"],
    ]
