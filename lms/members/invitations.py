"""Invitations: mailed to an address for one use, or a link for several people; both end, and can be taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from lms.accounts.addresses import normalise
from lms.accounts.models import Membership, Person
from lms.accounts.tokens import hash_token, make_token
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from lms.events import announce
from lms.members.events import PersonInvited
from lms.members.invitation_mail import mail_invitation
from lms.members.memberships import GIVEN_BY_MANAGERS
from lms.members.models import Invitation
from lms.organisations.profiles import organisation_name
from lms.organisations.roles import Role

LIFETIME = timedelta(days=14)
LONGEST_LINK = timedelta(days=365)
MOST_USES = 10_000
_Key = tuple[str, Role]  # a normalised address, and what it is invited to be


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to invite by mail, as what, and what upper floors shall know."""

    email: str
    role: Role = Role.CANDIDATE
    name: str = ""
    labels: dict[str, Any] | None = None


def invite(session: Session, *, wish: Wish, by: UUID | str, base_url: str, at: datetime) -> UUID:
    """Invite one address by mail and return the invitation's id; it says nothing of who has an account.

    Raises NotAllowed for a role that managers do not give, Conflict when the address waits with an invitation to the
    same role, or its owner holds it. `by` is a person, or the name of a program.
    """
    person_id = by if isinstance(by, UUID) else None
    (invitation_id,) = invite_many(session, wishes=[wish], by=person_id, base_url=base_url, at=at)
    if invitation_id is None:
        raise Conflict(_("This address is invited to this role already, or its owner holds it."))
    record(session, action="member.invited", actor=by, subject_id=invitation_id, at=at, role=wish.role)
    return invitation_id


def invite_many(
    session: Session,
    *,
    wishes: Sequence[Wish],
    by: UUID | None,
    base_url: str,
    at: datetime,
    import_id: UUID | None = None,
) -> list[UUID | None]:
    """Invite addresses by mail, in as few statements as for one; None for those with nothing left to invite to."""
    if not frozenset(wish.role for wish in wishes) <= frozenset(GIVEN_BY_MANAGERS):
        raise NotAllowed(_("This role is given by whoever operates the installation."))
    addresses = sorted({normalise(wish.email) for wish in wishes})
    _forget_expired(session, addresses, at)
    members = _members(session, addresses)
    wanted: dict[_Key, Wish] = {}
    for wish in wishes:
        _person_id, roles = members.get(normalise(wish.email), (None, frozenset()))
        if wish.role not in roles:
            wanted.setdefault((normalise(wish.email), wish.role), wish)
    tokens = {key: make_token() for key in wanted}
    made = _insert(session, wanted, tokens, by, at, import_id)
    sender = organisation_name(session)
    for (email, role), invitation_id in made.items():
        wish, link = wanted[email, role], f"{base_url}/invitations/{tokens[email, role]}"
        mail_invitation(session, sender=sender, to=email, name=wish.name, role=role, link=link, at=at)
        person_id = members[email][0] if email in members else None
        announce(session, PersonInvited(invitation_id, email, person_id, role, dict(wish.labels or {}), at))
    return [made.pop((normalise(wish.email), wish.role), None) for wish in wishes]


def make_link(
    session: Session,
    *,
    role: Role,
    most_uses: int,
    expires_at: datetime,
    by: UUID,
    labels: dict[str, Any],
    at: datetime,
) -> tuple[UUID, str]:
    """A link that so many people may follow, and its token, which is known nowhere else.

    Raises Invalid for bounds that do not fit, NotAllowed for a role that links do not give.
    """
    if role not in GIVEN_BY_MANAGERS or role is Role.MANAGER:
        raise NotAllowed(_("Managers are invited by mail, one by one."))
    if not 1 <= most_uses <= MOST_USES:
        raise Invalid(_("A link is for 1 to %(most)s people.", most=MOST_USES))
    if not at < expires_at <= at + LONGEST_LINK:
        raise Invalid(_("A link ends within a year."))
    token, invitation_id = make_token(), uuid4()
    session.add(
        Invitation(
            id=invitation_id,
            organisation_id=organisation_of(session),
            role=role,
            labels=labels,
            token_hash=hash_token(token),
            most_uses=most_uses,
            invited_by=by,
            invited_at=at,
            expires_at=expires_at,
        )
    )
    session.flush()
    record(session, action="invitation.link-made", actor=by, subject_id=invitation_id, at=at, role=role, uses=most_uses)
    return invitation_id, token


def resend(session: Session, *, invitation_id: UUID, by: UUID, base_url: str, at: datetime) -> None:
    """Mail an invitation anew, with a new link that holds for its full time; the earlier one stops working.

    Raises NotFound, Conflict for one that was accepted or taken back, or is no mail.
    """
    token = make_token()
    sent = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.email.is_not(None),
            Invitation.uses == 0,
            Invitation.revoked_at.is_(None),
        )
        .values(token_hash=hash_token(token), sent_at=at, expires_at=at + LIFETIME)
        .returning(Invitation.email, Invitation.name, Invitation.role)
    ).one_or_none()
    if sent is None:
        get_invitation(session, invitation_id=invitation_id)
        raise Conflict(_("Only an invitation that waits can be sent again."))
    link, sender = f"{base_url}/invitations/{token}", organisation_name(session)
    mail_invitation(session, sender=sender, to=sent.email or "", name=sent.name, role=sent.role, link=link, at=at)
    record(session, action="invitation.sent-again", actor=by, subject_id=invitation_id, at=at)


def revoke(session: Session, *, invitation_id: UUID, by: UUID, at: datetime) -> None:
    """Take an invitation back; who came in by it stays. Raises NotFound, Conflict when it is used up or taken back."""
    revoked = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.uses < Invitation.most_uses, Invitation.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(Invitation.id)
    ).scalar_one_or_none()
    if revoked is None:
        get_invitation(session, invitation_id=invitation_id)
        raise Conflict(_("This invitation is used up or was taken back before."))
    record(session, action="invitation.revoked", actor=by, subject_id=invitation_id, at=at)


def get_invitation(session: Session, *, invitation_id: UUID) -> Invitation:
    """Raises NotFound."""
    found = session.scalars(select(Invitation).where(Invitation.id == invitation_id)).one_or_none()
    if found is None:
        raise NotFound(_("There is no such invitation."))
    return found


def list_invitations(
    session: Session, *, is_waiting: bool, at: datetime, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> Sequence[Invitation]:
    """Invitations that still hold, or those that are over, newest first."""
    holds = Invitation.revoked_at.is_(None) & (Invitation.expires_at > at) & (Invitation.uses < Invitation.most_uses)
    wanted = select(Invitation).where(holds if is_waiting else ~holds)
    if before is not None:
        wanted = wanted.where(tuple_(Invitation.invited_at, Invitation.id) < tuple_(*before))
    return session.scalars(wanted.order_by(Invitation.invited_at.desc(), Invitation.id.desc()).limit(limit)).all()


def find_by_token(session: Session, *, token: str, at: datetime) -> Invitation:
    """The invitation that still holds for whoever has this token. Raises Gone, whatever the reason."""
    found = session.scalars(select(Invitation).where(Invitation.token_hash == hash_token(token))).one_or_none()
    if found is None or found.revoked_at is not None or found.expires_at <= at or found.uses >= found.most_uses:
        raise Gone(_("This invitation was used up, taken back, or is too old. Ask whoever sent it for a new one."))
    return found


def find_known(session: Session, *, keys: Collection[tuple[str, Role]], at: datetime) -> set[tuple[str, Role]]:
    """Of these addresses and roles, those that have nothing left to be invited to: they hold the role, or wait."""
    emails = sorted({email for email, _role in keys})
    held = {(email, role) for email, (_id, roles) in _members(session, emails).items() for role in roles}
    waiting = session.execute(
        select(Invitation.email, Invitation.role).where(
            Invitation.email.in_(emails),
            Invitation.uses == 0,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
        )
    )
    return set(keys) & (held | {(email or "", role) for email, role in waiting})


def _forget_expired(session: Session, emails: Sequence[str], at: datetime) -> None:
    """An invitation that nobody can follow any more makes room for a new one."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.email.in_(emails),
            Invitation.uses == 0,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at <= at,
        )
        .values(revoked_at=at)
    )


def _members(session: Session, emails: Sequence[str]) -> dict[str, tuple[UUID, frozenset[Role]]]:
    """The members among these addresses, with their roles."""
    rows = session.execute(
        select(Person.email, Person.id, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.email.in_(emails))
    )
    found: dict[str, tuple[UUID, frozenset[Role]]] = {}
    for email, person_id, role in rows:
        _id, roles = found.get(email or "", (person_id, frozenset()))
        found[email or ""] = (person_id, roles | {role})
    return found


def _insert(
    session: Session,
    wanted: dict[_Key, Wish],
    tokens: dict[_Key, str],
    by: UUID | None,
    at: datetime,
    import_id: UUID | None,
) -> dict[_Key, UUID]:
    """Whom the database lets us invite: one waiting invitation for an address and a role, also in a race."""
    if not wanted:
        return {}
    rows = [
        {
            "id": uuid4(),
            "organisation_id": organisation_of(session),
            "email": email,
            "name": wish.name.strip()[:200],
            "role": role,
            "labels": dict(wish.labels or {}),
            "token_hash": hash_token(tokens[email, role]),
            "most_uses": 1,
            "uses": 0,
            "invited_by": by,
            "import_id": import_id,
            "invited_at": at,
            "sent_at": at,
            "expires_at": at + LIFETIME,
        }
        for (email, role), wish in wanted.items()
    ]
    inserted = insert_into(session, Invitation).values(rows).on_conflict_do_nothing()
    return {
        (email or "", role): invitation_id
        for invitation_id, email, role in session.execute(
            inserted.returning(Invitation.id, Invitation.email, Invitation.role)
        )
    }
