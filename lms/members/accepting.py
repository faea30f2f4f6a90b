"""Accepting an invitation: the person decides what may be seen, comes in with a role, and the use is counted."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.people import get_person, grant_role
from lms.accounts.tokens import hash_token
from lms.db.scope import organisation_of
from lms.errors import Conflict, NotAllowed
from lms.events import announce
from lms.members import consents
from lms.members.events import InvitationAccepted
from lms.members.invitations import find_by_token
from lms.members.models import ConsentScope, Invitation, InvitationAcceptance


def accept_invitation(
    session: Session, *, token: str, person_id: UUID, scopes: Collection[ConsentScope], at: datetime
) -> None:
    """Come in: the role, the consent that was given, and one use of the invitation less.

    Raises Gone for an invitation that holds no more, NotAllowed when it was mailed to another address or the account
    is not open, Conflict for who is in with this role already.
    """
    person = get_person(session, person_id=person_id)
    _refuse_unless_meant(find_by_token(session, token=token, at=at), person)
    used = session.execute(
        update(Invitation)
        .where(
            Invitation.token_hash == hash_token(token),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > at,
            Invitation.uses < Invitation.most_uses,
            or_(Invitation.email.is_(None), Invitation.email == person.email),
        )
        .values(uses=Invitation.uses + 1)
        .returning(Invitation.id, Invitation.role, Invitation.labels)
    ).one_or_none()
    if used is None:
        find_by_token(session, token=token, at=at)  # somebody else took the last use, or it was taken back just now
        raise Conflict(_("The invitation changed in the meantime. Open the link again."))
    if holds_role(session, person_id=person_id, invitation_role=used.role):
        raise Conflict(_("You are in already."))
    session.add(
        InvitationAcceptance(
            organisation_id=organisation_of(session), invitation_id=used.id, person_id=person_id, accepted_at=at
        )
    )
    grant_role(session, person_id=person_id, role=used.role, actor=person_id, at=at)
    consents.give(session, person_id=person_id, scopes={consents.NEEDED, *scopes}, at=at)
    announce(session, InvitationAccepted(used.id, person_id, used.role, dict(used.labels), at))


def holds_role(session: Session, *, person_id: UUID, invitation_role: str) -> bool:
    """Whether somebody is already what the invitation would make them."""
    held = select(Membership.id).where(Membership.person_id == person_id, Membership.role == invitation_role)
    return session.scalars(held).first() is not None


def is_meant(invitation: Invitation, person_email: str | None) -> bool:
    """Whether an invitation is for the owner of this address."""
    return invitation.email is None or invitation.email == person_email


def _refuse_unless_meant(invitation: Invitation, person: Person) -> None:
    if person.state is not PersonState.ACTIVE:
        raise NotAllowed(_("This account is not open."))
    if not is_meant(invitation, person.email):
        raise NotAllowed(_("This invitation was sent to another address than that of your account."))
