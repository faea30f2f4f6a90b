"""A demonstration: simulated people of differing ability sign up, read, practise and sit the tests."""

import secrets
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from assessments.operations.simulating import simulate_attempt, simulate_practice
from assessments.queries.tests import find_test
from courses.operations.reading import finish_lesson
from courses.queries.courses import list_courses
from courses.queries.lessons import list_lessons
from lms.accounts.models import PersonState
from lms.accounts.people import create_person

_GIVEN = "Amina Bao Carlos Dalia Erik Fatima Goran Hana Ivo Jun Kofi Leila Mateo Nadia Omar Priya Rosa Sven Tala Yara"
_FAMILY = "Abara Berg Costa Dogan Eze Fischer Gupta Haddad Ito Jansen Kim Lopez Mbeki Novak Okafor Park Rossi Sato Wu"


def simulate_person(session: Session, *, seed: int, number: int, at: datetime) -> bool:
    """One person's whole way, some days before `at`; False when that person exists already."""
    random = Random(seed * 1_000_003 + number)  # noqa: S311  # a demonstration is repeatable from its seed
    began = at - timedelta(days=random.randint(3, 60), minutes=random.randint(0, 600))
    name = f"{random.choice(_GIVEN.split())} {random.choice(_FAMILY.split())}"
    person = create_person(
        session,
        name=name,
        email=f"demo-{seed}-{number}@assay.example",
        password=secrets.token_urlsafe(24),  # nobody signs in as them
        state=PersonState.ACTIVE,
        at=began,
    )
    if person is None:
        return False
    ability = random.gauss(0.4, 1.2)
    diligence = min(1.0, max(0.1, random.gauss(0.75, 0.3)))
    for course in list_courses(session):
        lessons = list_lessons(session, course_slug=course.slug, person_id=person.id)
        for lesson in lessons[: round(diligence * len(lessons))]:
            finish_lesson(
                session,
                person_id=person.id,
                course_slug=course.slug,
                number=lesson.number,
                at=began + timedelta(minutes=30 * lesson.number),
            )
        simulate_practice(
            session,
            bank=course.slug,
            person_id=person.id,
            ability=ability,
            share=diligence,
            random=random,
            at=began + timedelta(hours=5),
        )
        if diligence > 0.4 and find_test(session, course.slug) is not None:
            simulate_attempt(
                session,
                test_slug=course.slug,
                person_id=person.id,
                ability=ability + diligence,
                random=random,
                at=began + timedelta(days=1),
            )
    return True
