"""A person with an attempt of thirty minutes, and a manager."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from assessments.operations.starting import start_attempt
from lms.organisations.roles import Role
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def person(session: Session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    return make_person(session, name="Nora Sitter", email="nora@example.org")


@pytest.fixture
def manager(session: Session):
    return make_person(session, name="Max Manager", roles=(Role.MANAGER,))


@pytest.fixture
def attempt_id(session: Session, person):
    return start_attempt(session, test_slug=BANK, person_id=person.id, at=AT)
