"""What membership holds of a person: consent, invitations; exported, and erased when they leave Assay."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from lms.accounts.models import Membership, Person
from lms.db.scope import organisation_of
from lms.errors import Conflict
from lms.events import announce
from lms.members.consents import withdraw_all
from lms.members.events import MembershipEnded
from lms.members.memberships import keep_a_manager
from lms.members.models import Consent, Invitation, InvitationAcceptance
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role


def export_memberships(session: Session, person_id: UUID) -> dict[str, Any]:
    """Consent and how the person came in, in the session's organisation."""
    consents = session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.given_at))
    accepted = session.scalars(select(InvitationAcceptance).where(InvitationAcceptance.person_id == person_id))
    return {
        "consents": [
            {
                "scope": row.scope,
                "given_at": row.given_at.isoformat(),
                "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            }
            for row in consents
        ],
        "accepted_invitations": [{"accepted_at": row.accepted_at.isoformat()} for row in accepted],
    }


def erase_memberships(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Forget it. Raises Conflict for somebody without whom members would be left and nobody to manage them."""
    _leave_nobody_alone(session, person_id)
    withdraw_all(session, person_id=person_id, at=at)
    announce(session, MembershipEnded(person_id, at))
    address = select(Person.email).where(Person.id == person_id).scalar_subquery()
    accepted = select(InvitationAcceptance.invitation_id).where(InvitationAcceptance.person_id == person_id)
    session.execute(
        update(Invitation)
        .where(Invitation.email.is_not(None), or_(Invitation.email == address, Invitation.id.in_(accepted)))
        .values(email=None, name="", revoked_at=func.coalesce(Invitation.revoked_at, at))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(InvitationAcceptance).where(InvitationAcceptance.person_id == person_id))
    session.execute(delete(Consent).where(Consent.person_id == person_id))


def _leave_nobody_alone(session: Session, person_id: UUID) -> None:
    if organisation_of(session) == PUBLIC_ORGANISATION_ID:
        return
    members = session.execute(select(Membership.person_id, Membership.role)).all()
    is_manager = any(row.person_id == person_id and row.role == Role.MANAGER for row in members)
    if is_manager and any(row.person_id != person_id for row in members):
        try:
            keep_a_manager(session, leaving=person_id)
        except Conflict:
            raise Conflict(
                _("You are the only manager of an organisation with members. Make somebody else a manager first.")
            ) from None
