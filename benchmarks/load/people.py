"""The people of a measurement, made beforehand: every account has the same password, hashed once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from sqlalchemy import insert

from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.passwords import hash_password
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role

PASSWORD = "a password of the measurement"
_SPACE = UUID("5f3a9a5e-2f0b-4a39-9b57-3d2a0a1f7c11")


@dataclass(frozen=True, slots=True)
class Account:
    """One person who can sign in, and the address of the loopback network that they come from."""

    id: UUID
    email: str
    source: str


def make_people(database: Database, count: int) -> list[Account]:
    """Insert so many people who may sign in at once."""
    accounts = [_account(number) for number in range(count)]
    at, shared = datetime.now(UTC), hash_password(PASSWORD)
    people = [
        {
            "id": each.id,
            "name": f"Learner {number}",
            "email": each.email,
            "password_hash": shared,
            "state": PersonState.ACTIVE,
            "created_at": at,
        }
        for number, each in enumerate(accounts)
    ]
    held = [
        {"person_id": each.id, "organisation_id": PUBLIC_ORGANISATION_ID, "role": Role.CANDIDATE, "granted_at": at}
        for each in accounts
    ]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(insert(Person), people)
        session.execute(insert(Membership), held)
    return accounts


def _account(number: int) -> Account:
    place = number + 1_000
    source = f"127.{1 + (place >> 16)}.{place >> 8 & 255}.{1 + place % 250}"
    return Account(uuid5(_SPACE, str(number)), f"learner-{number}@bench.example", source)
