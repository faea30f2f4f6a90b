"""Editions: what is published is kept in the process until something is published."""

from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from assessments.models.tests import TestVersion
from assessments.queries.tests import get_test
from lms.organisations.editions import kept, read_edition
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person, sign_in

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def test(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
    return BANK


def edition(database) -> UUID:
    with database.reading() as session:
        return session.scalars(select(Organisation.edition).where(Organisation.id == PUBLIC_ORGANISATION_ID)).one()


def test_publishing_begins_a_new_edition_and_reading_does_not(database, test):
    first = edition(database)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        get_test(session, test)
    assert edition(database) == first

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(TestVersion).values(title="Renamed"))
    second = edition(database)
    assert second != first

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.scalars(select(TestVersion)).first().title = "Renamed again"
    assert edition(database) not in (first, second)


def test_a_publishing_that_fails_begins_no_edition(database, test):
    first = edition(database)
    with pytest.raises(ZeroDivisionError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(TestVersion).values(title="Renamed"))
        raise ZeroDivisionError

    assert edition(database) == first


def test_what_was_read_is_kept_for_one_edition_and_only_for_readers_who_know_theirs(database):
    numbers, one, other = count(), uuid4(), uuid4()

    def ask(known: UUID | None) -> int:
        with database.reading(PUBLIC_ORGANISATION_ID) as session:
            if known is not None:
                read_edition(session, known)
            return kept(session, "numbers of this test", lambda: next(numbers))

    assert [ask(one), ask(one), ask(other), ask(None), ask(one)] == [0, 0, 1, 2, 0]


def test_whoever_publishes_reads_what_they_wrote(database, test):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        read_edition(session, edition(database))
        assert get_test(session, test).title != "Renamed"
        session.execute(update(TestVersion).values(title="Renamed"))
        assert get_test(session, test).title == "Renamed"


def test_a_signed_in_person_sees_at_once_what_is_published(client, database, test):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
    sign_in(client, person)
    assert "Renamed" not in client.get(f"/tests/{test}/").text

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(TestVersion).values(title="Renamed"))

    assert "Renamed" in client.get(f"/tests/{test}/").text
