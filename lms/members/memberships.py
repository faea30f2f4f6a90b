"""Members of an organisation: who they are, which roles they hold, and how a membership ends."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.people import get_member, grant_role
from lms.accounts.sign_ins import revoke_sign_ins
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotAllowed
from lms.events import announce
from lms.members.consents import withdraw_all
from lms.members.events import MembershipEnded
from lms.members.models import Invitation
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role

GIVEN_BY_MANAGERS = (Role.CANDIDATE, Role.AUTHOR, Role.MARKER, Role.MANAGER, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the organisation knows them."""

    id: UUID
    name: str
    email: str
    state: PersonState
    roles: frozenset[Role]
    joined_at: datetime


def list_members(
    session: Session,
    *,
    text: str = "",
    role: Role | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Member]:
    """Members by name, those after a name and id; `text` is searched in names and addresses."""
    wanted = _matching(text, role)
    if after is not None:
        wanted = wanted.where(tuple_(Person.name, Person.id) > tuple_(*after))
    people = session.scalars(wanted.order_by(Person.name, Person.id).limit(limit)).all()
    return _with_roles(session, people)


def count_members(session: Session, *, text: str = "", role: Role | None = None) -> int:
    """How many members `list_members` would find."""
    return session.scalar(select(func.count()).select_from(_matching(text, role).subquery())) or 0


def get_one(session: Session, *, person_id: UUID) -> Member:
    """Raises NotFound for who is no member."""
    return _with_roles(session, [get_member(session, person_id=person_id)])[0]


def set_roles(session: Session, *, person_id: UUID, roles: Collection[Role], by: UUID, at: datetime) -> None:
    """Give a member exactly these roles; that of an operator stays as it is.

    Raises NotFound for who is no member, Invalid without a role, NotAllowed for a role that managers do not give,
    Conflict when nobody would be left to manage.
    """
    member = get_one(session, person_id=person_id)
    wanted = frozenset(roles)
    if not wanted:
        raise Invalid(_("Choose at least one role; to end the membership, remove the person."))
    if not wanted <= frozenset(GIVEN_BY_MANAGERS):
        raise NotAllowed(_("This role is given by whoever operates the installation."))
    for role in sorted(wanted - member.roles):
        grant_role(session, person_id=person_id, role=role, actor=by, at=at)
    taken = (member.roles & frozenset(GIVEN_BY_MANAGERS)) - wanted
    if Role.MANAGER in taken:
        keep_a_manager(session, leaving=person_id)
        _revoke_links_of(session, person_id, at)
    session.execute(delete(Membership).where(Membership.person_id == person_id, Membership.role.in_(taken)))
    for role in sorted(taken):
        record(session, action="role.withdrawn", actor=by, subject_id=person_id, at=at, role=role)


def remove_member(session: Session, *, person_id: UUID, by: UUID | str, reason: str, at: datetime) -> None:
    """End a membership at once: roles, sign-ins, consent, and invitations that wait for the same address.

    Raises NotFound for who is no member, Invalid without a reason, Conflict for the last manager, NotAllowed for
    operators and in the public organisation, which everybody with an account belongs to.
    """
    if not reason.strip():
        raise Invalid(_("Say why; the reason is kept in the audit log."))
    member = get_one(session, person_id=person_id)
    if organisation_of(session) == PUBLIC_ORGANISATION_ID:
        raise NotAllowed(_("Everybody with an account belongs to the public catalogue. Suspend the account instead."))
    if Role.OPERATOR in member.roles:
        raise NotAllowed(_("Operators are removed by whoever operates the installation."))
    if Role.MANAGER in member.roles:
        keep_a_manager(session, leaving=person_id)
    end_membership(session, person_id=person_id, at=at)
    record(session, action="member.removed", actor=by, subject_id=person_id, at=at, reason=reason.strip())


def leave(session: Session, *, person_id: UUID, at: datetime) -> None:
    """A member goes by themselves. Raises as `remove_member` does."""
    remove_member(session, person_id=person_id, by=person_id, reason=_("left by themselves"), at=at)


def end_membership(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Take away all that a membership gives, and tell whoever relies on it."""
    withdraw_all(session, person_id=person_id, at=at)
    address = select(Person.email).where(Person.id == person_id).scalar_subquery()
    session.execute(
        update(Invitation)
        .where(Invitation.email == address, Invitation.uses == 0, Invitation.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    _revoke_links_of(session, person_id, at)
    session.execute(delete(Membership).where(Membership.person_id == person_id))
    revoke_sign_ins(session, person_id=person_id, at=at)
    announce(session, MembershipEnded(person_id, at))


def _revoke_links_of(session: Session, person_id: UUID, at: datetime) -> None:
    """Whoever made a link knows it, and could come in by it again; mailed links only their addressees know."""
    session.execute(
        update(Invitation)
        .where(Invitation.invited_by == person_id, Invitation.email.is_(None), Invitation.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def keep_a_manager(session: Session, *, leaving: UUID) -> None:
    """Hold the managers' rows until the commit, so that of two who leave at once the second finds itself the last."""
    held = (
        select(Membership.person_id)
        .where(Membership.role == Role.MANAGER)
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    )
    others = [person_id for person_id in session.scalars(held) if person_id != leaving]
    active = select(Person.id).where(Person.id.in_(others), Person.state == PersonState.ACTIVE).limit(1)
    if session.scalars(active).first() is None:
        raise Conflict(_("Nobody else manages this organisation. Make somebody else a manager first."))


def _matching(text: str, role: Role | None) -> Select[Person]:
    member = select(Membership.id).where(Membership.person_id == Person.id)
    if role is not None:
        member = member.where(Membership.role == role)
    wanted = select(Person).where(member.exists(), Person.state != PersonState.ERASED)
    for word in text.casefold().split():
        wanted = wanted.where(
            Person.name.icontains(word, autoescape=True) | Person.email.icontains(word, autoescape=True)
        )
    return wanted


def _with_roles(session: Session, people: Sequence[Person]) -> list[Member]:
    held: dict[UUID, list[Membership]] = {person.id: [] for person in people}
    for each in session.scalars(select(Membership).where(Membership.person_id.in_(held))):
        held[each.person_id].append(each)
    return [
        Member(
            id=person.id,
            name=person.name,
            email=person.email or "",
            state=person.state,
            roles=frozenset(each.role for each in held[person.id]),
            joined_at=min(each.granted_at for each in held[person.id]),
        )
        for person in people
    ]
