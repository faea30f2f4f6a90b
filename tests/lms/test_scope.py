"""Queries stay inside one organisation, decided in one place."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, func, make_url, select, update

from assessments.models.items import Difficulty, Item, ItemState, ItemUse
from certificates.models.achievements import Achievement
from lms import clock
from lms.db.row_security import options_for_everybody
from lms.db.scope import READS_PUBLIC, organisation_of
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


@pytest.fixture
def published(database, other):
    """An achievement of each organisation: what is published may be read by others."""
    for owner in (other, PUBLIC_ORGANISATION_ID):
        with database.transaction(owner) as session:
            session.add(Achievement(organisation_id=owner, slug="same-name"))
    yield other
    with database.transaction(other) as session:
        session.execute(delete(Achievement))


def test_a_statement_may_ask_for_the_public_catalogue_as_well(database, published):
    with database.reading(published) as session:
        both = session.scalars(select(Achievement.organisation_id), execution_options=READS_PUBLIC).all()
        assert set(both) == {published, PUBLIC_ORGANISATION_ID}
        assert session.scalars(select(Achievement.organisation_id)).all() == [published]


def test_asking_for_the_public_catalogue_changes_nothing_about_writing(database, published):
    with database.transaction(published) as session:
        session.execute(delete(Achievement), execution_options=READS_PUBLIC)

    with database.reading() as session:
        assert session.scalars(select(Achievement.organisation_id)).all() == [PUBLIC_ORGANISATION_ID]


def test_what_an_address_says_of_the_connection_is_said_still():
    plain, with_options = "postgresql://assay@host/assay", "postgresql://assay@host/assay?options=-c%20work_mem%3D8MB"

    assert options_for_everybody(make_url(plain)) == {"options": "-c assay.organisation=*"}
    assert options_for_everybody(make_url(with_options)) == {"options": "-c work_mem=8MB -c assay.organisation=*"}
