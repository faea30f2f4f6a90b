"""People for tests."""

from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms import clock
from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.passwords import hash_password
from lms.db.scope import organisation_of
from lms.organisations.roles import Role

PASSWORD = "correct horse battery"
_HASH = hash_password(PASSWORD)  # hashing is slow on purpose; once is enough


def make_person(
    session: Session,
    *,
    name: str = "Ada Lovelace",
    email: str | None = None,
    roles: tuple[Role, ...] = (Role.CANDIDATE,),
    state: PersonState = PersonState.ACTIVE,
) -> Person:
    person = Person(
        name=name,
        email=email or f"{uuid4().hex}@example.org",
        password_hash=_HASH,
        state=state,
        suspension_reason="testing" if state is PersonState.SUSPENDED else None,
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    for role in roles:
        session.add(
            Membership(person_id=person.id, organisation_id=organisation_of(session), role=role, granted_at=clock.now())
        )
    session.flush()
    return person


def sign_in(client: FlaskClient, person: Person) -> None:
    """Sign a person in through the form, as a browser does."""
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
