"""Members as programs see them: only those who agreed, each with what else they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person, PersonState
from lms.members.consents import consenting
from lms.members.models import Consent, ConsentScope
from lms.organisations.roles import Role


@dataclass(frozen=True, slots=True)
class Known:
    """A member who lets the organisation see name and address."""

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    since: datetime
    sees: frozenset[ConsentScope]


def page_known_members(
    session: Session, *, after: UUID | None, limit: int, role: Role | None = None
) -> Sequence[Known]:
    """Members by id, those after one. Three statements, however many."""
    wanted = _known(session)
    if role is not None:
        held = select(Membership.id).where(Membership.person_id == Person.id, Membership.role == role)
        wanted = wanted.where(held.exists())
    if after is not None:
        wanted = wanted.where(Person.id > after)
    return _told(session, session.scalars(wanted.order_by(Person.id).limit(limit)).all())


def find_known_member(session: Session, *, person_id: UUID) -> Known | None:
    """None for whoever did not agree, is no member, or does not exist."""
    found = session.scalars(_known(session).where(Person.id == person_id)).all()
    return _told(session, found)[0] if found else None


def _known(session: Session) -> Select[Person]:
    agreed = consenting(session, scope=ConsentScope.PROFILE)
    return select(Person).where(Person.id.in_(agreed), Person.state != PersonState.ERASED)


def _told(session: Session, people: Sequence[Person]) -> list[Known]:
    ids = [person.id for person in people]
    held: dict[UUID, list[Membership]] = {each: [] for each in ids}
    for row in session.scalars(select(Membership).where(Membership.person_id.in_(ids))):
        held[row.person_id].append(row)
    sees: dict[UUID, set[ConsentScope]] = {each: set() for each in ids}
    for given in session.scalars(select(Consent).where(Consent.person_id.in_(ids), Consent.withdrawn_at.is_(None))):
        sees[given.person_id].add(given.scope)
    return [
        Known(
            person.id,
            person.name,
            person.email or "",
            frozenset(row.role for row in held[person.id]),
            min(row.granted_at for row in held[person.id]),
            frozenset(sees[person.id]),
        )
        for person in people
    ]
