"""What people can do about their accounts: sign up, change name and password, get a role, be suspended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from lms.accounts.addresses import normalise
from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.names import checked_name
from lms.accounts.passwords import hash_password, matches
from lms.accounts.sign_ins import revoke_sign_ins
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Invalid, NotFound
from lms.organisations.roles import Role


def find_person(session: Session, *, email: str) -> Person | None:
    """The person with this address, in whatever state."""
    return session.scalars(select(Person).where(Person.email == normalise(email))).one_or_none()


def find_holder(session: Session, *, role: Role) -> Person | None:
    """The first person who holds a role in the session's organisation."""
    return session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == role, Person.state == PersonState.ACTIVE)
        .order_by(Membership.granted_at)
    ).first()


def get_person(session: Session, *, person_id: UUID) -> Person:
    """Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such account.")
    return person


def get_member(session: Session, *, person_id: UUID) -> Person:
    """Somebody who holds a role in the session's organisation. Raises NotFound."""
    person = session.scalars(_members().where(Person.id == person_id)).one_or_none()
    if person is None:
        raise NotFound("There is no such person here.")
    return person


def search_members(session: Session, *, text: str, most: int) -> Sequence[Person]:
    """Members of the session's organisation whose name or address holds this text, by name."""
    wanted = _members().where(Person.state != PersonState.ERASED)
    for word in text.casefold().split():
        wanted = wanted.where(
            Person.name.icontains(word, autoescape=True) | Person.email.icontains(word, autoescape=True)
        )
    return session.scalars(wanted.order_by(Person.name, Person.id).limit(most)).all()


def _members() -> Select[Person]:
    return select(Person).where(select(Membership.id).where(Membership.person_id == Person.id).exists())


def create_person(
    session: Session, *, name: str, email: str, password: str, state: PersonState, at: datetime
) -> Person | None:
    """Create an account with the role of a candidate; None when the address is taken, also in a race.

    Raises Invalid for a name without letters.
    """
    person_id = session.execute(
        insert_into(session, Person)
        .values(
            name=checked_name(name),
            email=normalise(email),
            password_hash=hash_password(password),
            state=state,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(Person.id)
    ).scalar_one_or_none()
    if person_id is None:
        return None
    grant_role(session, person_id=person_id, role=Role.CANDIDATE, actor=person_id, at=at)
    return get_person(session, person_id=person_id)


def grant_role(session: Session, *, person_id: UUID, role: Role, actor: UUID | str, at: datetime) -> None:
    """Give a role in the session's organisation; giving it twice changes nothing, also at the same moment."""
    granted = session.execute(
        insert_into(session, Membership)
        .values(id=uuid4(), person_id=person_id, organisation_id=organisation_of(session), role=role, granted_at=at)
        .on_conflict_do_nothing(index_elements=["person_id", "organisation_id", "role"])
        .returning(Membership.id)
    ).scalar_one_or_none()
    if granted is not None:
        record(session, action="role.granted", actor=actor, subject_id=person_id, at=at, role=role)


def rename(session: Session, *, person_id: UUID, name: str, at: datetime) -> None:
    """Change the name that future certificates carry; those already issued keep theirs.

    Raises Invalid for a name without letters.
    """
    get_person(session, person_id=person_id).name = checked_name(name)
    record(session, action="person.renamed", actor=person_id, subject_id=person_id, at=at)


def check_password(session: Session, *, person_id: UUID, password: str) -> None:
    """Raises Invalid when the password is not the person's."""
    if not matches(get_person(session, person_id=person_id).password_hash, password):
        raise Invalid("The current password is not right.")


def set_password(session: Session, *, person_id: UUID, password: str, at: datetime) -> None:
    """Set a new password and end every sign-in of the person."""
    get_person(session, person_id=person_id).password_hash = hash_password(password)
    revoke_sign_ins(session, person_id=person_id, at=at)
    record(session, action="password.changed", actor=person_id, subject_id=person_id, at=at)


def suspend(session: Session, *, person_id: UUID, reason: str, actor: UUID | str, at: datetime) -> None:
    """Lock a person out at once, everywhere, with a reason."""
    person = get_person(session, person_id=person_id)
    person.state, person.suspension_reason = PersonState.SUSPENDED, reason
    revoke_sign_ins(session, person_id=person_id, at=at)
    record(session, action="person.suspended", actor=actor, subject_id=person_id, at=at, reason=reason)


def reinstate(session: Session, *, person_id: UUID, actor: UUID | str, at: datetime) -> None:
    """Undo a suspension; the person signs in anew."""
    session.execute(
        update(Person)
        .where(Person.id == person_id, Person.state == PersonState.SUSPENDED)
        .values(state=PersonState.ACTIVE, suspension_reason=None)
    )
    record(session, action="person.reinstated", actor=actor, subject_id=person_id, at=at)
