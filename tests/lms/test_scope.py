"""Queries stay inside one organisation, decided in one place."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update

from assessments.models.items import Difficulty, Item, ItemState, ItemUse
from lms import clock
from lms.db.scope import organisation_of
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation


@pytest.fixture
def other(database):
    """Another organisation with an item of its own."""
    other_id = uuid4()
    with database.transaction() as session:
        session.add(Organisation(id=other_id, slug=f"vendor-{other_id}", name="Vendor", created_at=clock.now()))
        session.flush()
        for owner in (other_id, PUBLIC_ORGANISATION_ID):
            session.add(
                Item(
                    organisation_id=owner,
                    bank="b",
                    identifier="same-name",
                    use=ItemUse.TEST,
                    state=ItemState.LIVE,
                    type="choice",
                    skill="verdict",
                    difficulty=Difficulty.EASY,
                    stem="Which?",
                    tags=[],
                    search_text="same-name which?",
                    changed_at=clock.now(),
                )
            )
    yield other_id
    with database.transaction() as session:
        session.execute(delete(Item))
        session.execute(delete(Organisation).where(Organisation.id == other_id))


def test_a_session_sees_only_its_organisation(database, other):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert [item.organisation_id for item in session.scalars(select(Item))] == [PUBLIC_ORGANISATION_ID]
    with database.reading(other) as session:
        item = session.scalars(select(Item)).one()
        assert item.organisation_id == other
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.get(Item, item.id) is None


def test_updates_and_deletes_stay_inside_as_well(database, other):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(Item).values(state=ItemState.RETIRED))
        session.execute(delete(Item))

    with database.reading() as session:
        left = session.scalars(select(Item)).one()
        assert (left.organisation_id, left.state) == (other, ItemState.LIVE)


def test_without_an_organisation_nothing_can_be_written_by_default(database):
    with database.reading() as session, pytest.raises(LookupError, match="has not entered an organisation"):
        organisation_of(session)


def test_aliases_and_joins_are_scoped(database, other):
    with database.reading(other) as session:
        assert session.scalar(select(func.count(Item.id))) == 1
