"""Organisations for tests, with a manager and members who let them see things."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from lms import clock
from lms.accounts.models import Person, PersonState
from lms.db.session import Database
from lms.members import consents
from lms.members.models import ConsentScope
from lms.members.organisations import found_organisation
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.people import make_person


@dataclass(frozen=True, slots=True)
class Made:
    """An organisation that a test made, and who manages it."""

    id: UUID
    slug: str
    name: str
    manager: Person

    @property
    def manager_id(self) -> UUID:
        return self.manager.id


def made_up_slug() -> str:
    """Organisations outlive a test; their short names must not meet."""
    return f"org-{uuid4().hex[:12]}"


def make_organisation(database: Database, *, name: str = "North Star") -> Made:
    """An organisation, founded by a person who is in the public one as well."""
    organisation_id, slug = uuid4(), made_up_slug()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        manager = make_person(session, name="Grace Hopper")
    with database.transaction(organisation_id) as session:
        found_organisation(session, name=name, slug=slug, founder_id=manager.id, actor="test", at=clock.now())
    return Made(organisation_id, slug, name, manager)


def make_member(
    session: Session,
    *,
    name: str = "Ada Lovelace",
    roles: tuple[Role, ...] = (Role.CANDIDATE,),
    sees: tuple[ConsentScope, ...] = (ConsentScope.PROFILE,),
    state: PersonState = PersonState.ACTIVE,
) -> Person:
    """A person in the session's organisation alone, who lets it see this much."""
    person = make_person(session, name=name, roles=roles, state=state)
    consents.give(session, person_id=person.id, scopes=sees, at=clock.now())
    return person
