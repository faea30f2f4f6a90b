"""A person takes their data along, and leaves nothing behind."""

import pytest
from sqlalchemy import select

from lms import clock
from lms.accounts.models import Person, PersonState
from lms.db.base import Base
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import make_bank, make_test, sit
from tests.people import PASSWORD, make_person, sign_in


@pytest.fixture
def person(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())
        person = make_person(session, name="CANARY-NAME", email="canary@example.org")
        sit(session, person_id=person.id, at=clock.now(), right=0)
        return person


def everything(database) -> str:
    """The text of every row of every table."""
    with database.engine.connect() as connection:
        rows = [connection.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    return repr(rows)


def test_the_export_holds_account_attempts_and_responses(client, person):
    sign_in(client, person)
    client.post("/practice/practice-choice", data={"p-practice-choice-choices": "a", "try_key": str(person.id)})

    answer = client.get("/account/export")
    data = answer.get_json()

    assert "attachment" in answer.headers["Content-Disposition"]
    assert data["account"]["email"] == "canary@example.org"
    assert data["assessments"]["attempts"][0]["score"] == 0
    assert data["assessments"]["practice"][0]["response"] == {"choices": ["a"]}
    assert data["courses"] == []


def test_deleting_the_account_needs_the_password(client, person, database):
    sign_in(client, person)

    assert client.post("/account/delete", data={"password": "wrong"}).status_code == 422
    assert "CANARY-NAME" in everything(database)


def test_after_deleting_the_account_no_row_names_the_person(client, person, database):
    sign_in(client, person)
    client.post("/account/name", data={"name": "CANARY-NAME again"})

    assert client.post("/account/delete", data={"password": PASSWORD}).status_code == 303

    left = everything(database)
    assert "CANARY-NAME" not in left
    assert "canary@example.org" not in left
    assert client.get("/account/").status_code == 303
    with database.reading() as session:
        row = session.get_one(Person, person.id)
        assert (row.state, row.email, row.name) == (PersonState.ERASED, None, "")
