"""Sanctions: decided on a proposal or imposed by hand, and lifted again; each with a reason that the person reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.models.sanctions import (
    AppealState,
    Sanction,
    SanctionAppeal,
    SuspensionProposal,
    SuspensionState,
)
from certificates.models.tiers import Tier
from certificates.operations.proposing import withdraw_proposals
from certificates.operations.quality_letters import tell_of_dismissal, tell_of_lifting, tell_of_sanction
from certificates.operations.standings import follow
from certificates.operations.state_changes import checked_reason
from certificates.queries.quality_rules import get_tier
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotAllowed, NotFound


class AlreadySuspended(Conflict):
    """The person is suspended from exactly this already."""

    code = "already-suspended"


class NotSuspended(Conflict):
    """No suspension of exactly this is in force."""

    code = "not-suspended"


@dataclass(frozen=True, slots=True)
class Decider:
    """Who acts: a person, or a program with an API key."""

    person_id: UUID | None = None
    key_id: UUID | None = None

    def __str__(self) -> str:
        return str(self.person_id) if self.person_id is not None else f"key {self.key_id}"


def decide_suspension(
    session: Session,
    *,
    proposal_id: UUID,
    decision: SuspensionState,
    reason: str,
    person_id: UUID,
    base_url: str,
    at: datetime,
) -> None:
    """Confirm a proposal, which closes its tier to the person, or dismiss it; of many who decide at once only one does.

    Raises NotFound, Invalid without a decision or a reason, NotAllowed for the person concerned, Conflict when it was
    decided on already.
    """
    proposal = session.get(SuspensionProposal, proposal_id, populate_existing=True)
    if proposal is None:
        raise NotFound(_("There is no such proposal."))
    if decision not in (SuspensionState.CONFIRMED, SuspensionState.DISMISSED):
        raise Invalid(_("Choose whether the suspension is confirmed or dismissed."))
    said = checked_reason(reason)
    if person_id == proposal.person_id:
        raise NotAllowed(_("Somebody else decides about your own work."))
    decided = session.execute(
        update(SuspensionProposal)
        .where(SuspensionProposal.id == proposal_id, SuspensionProposal.state == SuspensionState.OPEN)
        .values(state=decision, decided_by=person_id, decided_at=at, reason=said)
        .returning(SuspensionProposal.id)
    ).scalar_one_or_none()
    if decided is None:
        raise Conflict(_("Somebody decided on this proposal already."))
    tier = get_tier(session, proposal.tier_id)
    record(
        session,
        action=f"suspension.{decision.value}",
        actor=person_id,
        subject_id=proposal.person_id,
        at=at,
        proposal=str(proposal_id),
        tier=tier.slug,
        reason=said,
        rule_version=proposal.rule_version,
    )
    if decision is SuspensionState.DISMISSED:
        tell_of_dismissal(session, person_id=proposal.person_id, tier=tier, reason=said, base_url=base_url, at=at)
        return
    impose_sanction(
        session,
        person_id=proposal.person_id,
        tier_id=proposal.tier_id,
        reason=said,
        by=Decider(person_id),
        proposal_id=proposal_id,
        base_url=base_url,
        at=at,
    )


def impose_sanction(
    session: Session,
    *,
    person_id: UUID,
    tier_id: UUID | None,
    reason: str,
    by: Decider,
    base_url: str,
    at: datetime,
    proposal_id: UUID | None = None,
) -> UUID:
    """Close a tier to a person, or without a tier all of them, until it is lifted; returns the id of the sanction.

    Raises Invalid without a reason, NotAllowed for oneself, Conflict while the same is in force.
    """
    said = checked_reason(reason)
    if by.person_id == person_id:
        raise NotAllowed(_("Somebody else decides about your own work."))
    sanction_id = session.execute(
        insert_into(session, Sanction)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            person_id=person_id,
            tier_id=tier_id,
            reason=said,
            proposal_id=proposal_id,
            imposed_by=by.person_id,
            imposed_by_key=by.key_id,
            imposed_at=at,
        )
        .on_conflict_do_nothing()
        .returning(Sanction.id)
    ).scalar_one_or_none()
    if sanction_id is None:
        raise AlreadySuspended(_("This person is suspended there already."))
    withdraw_proposals(session, person_id=person_id, tier_id=tier_id, at=at)
    tier = get_tier(session, tier_id) if tier_id is not None else None
    _note(session, "sanction.imposed", person_id, sanction_id, tier, said, by, at)
    tell_of_sanction(
        session, sanction_id=sanction_id, person_id=person_id, tier=tier, reason=said, base_url=base_url, at=at
    )
    follow(session, person_id=person_id, at=at)
    return sanction_id


def lift_sanction(
    session: Session, *, sanction_id: UUID, reason: str, by: Decider, base_url: str, at: datetime
) -> None:
    """Let the person work again; an appeal that waits is settled by it.

    Raises NotFound, Invalid without a reason, NotAllowed for oneself, Conflict when it was lifted already.
    """
    sanction = session.get(Sanction, sanction_id, populate_existing=True)
    if sanction is None:
        raise NotFound(_("There is no such suspension."))
    said = checked_reason(reason)
    if by.person_id == sanction.person_id:
        raise NotAllowed(_("Somebody else decides about your own work."))
    lifted = session.execute(
        update(Sanction)
        .where(Sanction.id == sanction_id, Sanction.lifted_at.is_(None))
        .values(lifted_by=by.person_id, lifted_by_key=by.key_id, lifted_at=at, lift_reason=said)
        .returning(Sanction.id)
    ).scalar_one_or_none()
    if lifted is None:
        raise NotSuspended(_("This suspension was lifted already."))
    session.execute(
        update(SanctionAppeal)
        .where(SanctionAppeal.sanction_id == sanction_id, SanctionAppeal.state == AppealState.OPEN)
        .values(state=AppealState.SETTLED, decided_at=at)
    )
    tier = get_tier(session, sanction.tier_id) if sanction.tier_id is not None else None
    _note(session, "sanction.lifted", sanction.person_id, sanction_id, tier, said, by, at)
    tell_of_lifting(session, person_id=sanction.person_id, tier=tier, reason=said, base_url=base_url, at=at)
    follow(session, person_id=sanction.person_id, at=at)


def get_active_sanction(session: Session, *, person_id: UUID, tier_id: UUID | None) -> UUID:
    """The sanction in force for exactly this tier, or for all of them. Raises NotSuspended."""
    same = Sanction.tier_id.is_(None) if tier_id is None else Sanction.tier_id == tier_id
    active = select(Sanction.id).where(Sanction.person_id == person_id, Sanction.lifted_at.is_(None), same)
    found = session.scalars(active).one_or_none()
    if found is None:
        raise NotSuspended(_("No such suspension is in force."))
    return found


def _note(
    session: Session,
    action: str,
    person_id: UUID,
    sanction_id: UUID,
    tier: Tier | None,
    reason: str,
    by: Decider,
    at: datetime,
) -> None:
    record(
        session,
        action=action,
        actor=str(by),
        subject_id=person_id,
        at=at,
        sanction=str(sanction_id),
        tier=tier.slug if tier else None,
        reason=reason,
    )
