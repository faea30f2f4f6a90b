"""Study before another try: the lessons of weak skills are finished again, and the person is told which."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from assessments.adapters.catalogue_tests import Retake
from assessments.domain.eligibility import Lesson, Reason
from assessments.operations.starting import start_attempt
from assessments.queries.eligibility import eligibility
from assessments.queries.tests import get_test
from assessments.web.author.test_form import read_terms
from courses.operations.publishing import publish_course
from courses.operations.reading import finish_lesson
from lms import clock
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.courses.shelves import make_draft, make_lesson
from tests.people import make_person, sign_in

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=2)
LESSONS = [replace(make_lesson(skill), skills=(skill,)) for skill in ("splitting", "verdict", "evidence", "rating")]


def make(session, *, at=AT, study_first=True):
    make_bank(session, at=at)
    make_test(session, at=at, study_first=study_first, cool_down_hours=0)
    publish_course(session, draft=make_draft(BANK, lessons=LESSONS), at=at)
    return make_person(session)


def finish(session, person, number, at):
    finish_lesson(session, person_id=person.id, course_slug=BANK, number=number, at=at)


def verdict(session, person, at=LATER):
    return eligibility(session, get_test(session, BANK), person_id=person.id, at=at)


@pytest.fixture
def failed(session):
    """Somebody who read everything, then was right in `splitting` and half of `verdict`, and failed."""
    person = make(session)
    for number in (1, 2, 3, 4):
        finish(session, person, number, AT - timedelta(days=1))
    sit(session, person_id=person.id, at=AT, right=3)
    return person


def test_the_first_try_asks_for_nothing(session):
    assert verdict(session, make(session)).eligible


def test_after_a_fail_the_lessons_of_weak_skills_come_first(session, failed):
    told = verdict(session, failed)

    assert told.reasons == (Reason.STUDY_FIRST,)
    assert told.to_study == (Lesson(2, "On verdict"), Lesson(3, "On evidence"), Lesson(4, "On rating"))
    assert told.possible_at is None  # waiting does not help
    with pytest.raises(Conflict, match="On verdict; On evidence; On rating"):
        start_attempt(session, test_slug=BANK, person_id=failed.id, at=LATER)


def test_each_lesson_that_is_finished_again_is_off_the_list(session, failed):
    finish(session, failed, 3, AT + timedelta(hours=1))
    assert [lesson.number for lesson in verdict(session, failed).to_study] == [2, 4]

    for number in (2, 4):
        finish(session, failed, number, AT + timedelta(hours=2))
    assert verdict(session, failed).eligible
    assert start_attempt(session, test_slug=BANK, person_id=failed.id, at=LATER)


def test_a_test_that_does_not_ask_for_it_lets_people_try_at_once(session):
    person = make(session, study_first=False)
    sit(session, person_id=person.id, at=AT, right=0)

    assert verdict(session, person).eligible


def test_the_page_of_the_test_leads_to_the_lessons(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make(session, at=clock.now())
        sit(session, person_id=person.id, at=clock.now(), right=2)
    sign_in(client, person)

    page = client.get(f"/tests/{BANK}/").text

    assert f'href="/courses/{BANK}/lessons/3"' in page
    assert "Read them again" in page
    assert f'href="/courses/{BANK}/lessons/1"' not in page.split("Read them again")[1].split("</ol>")[0]
    assert client.post(f"/tests/{BANK}/attempts").status_code == 409
    for number in (2, 3, 4):
        client.post(f"/courses/{BANK}/lessons/{number}/finish")
    assert client.post(f"/tests/{BANK}/attempts").status_code == 303


def test_a_test_that_does_not_ask_for_it_says_nothing_of_it(session):
    numbers = {"tries": 3, "window_days": 90, "cool_down_hours": 24}

    assert Retake(**numbers).model_dump(mode="json") == numbers
    assert Retake(**numbers, study_first=True).model_dump(mode="json") == {**numbers, "study_first": True}
    assert read_terms(MultiDict({name: str(number) for name, number in numbers.items()}), {})["retake"] == numbers
    assert read_terms(MultiDict({"study_first": "yes"}), {})["retake"]["study_first"] is True
