"""Proposing a suspension: figures propose, people decide. The worker and those who decide are told."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from certificates.domain.work_quality import RULE_VERSION
from certificates.models.sanctions import Sanction, SuspensionProposal, SuspensionState
from certificates.models.tiers import Tier
from certificates.operations.quality_letters import tell_of_proposal
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into

WATCH = "quality watch"  # the actor in the audit where figures acted


def propose_suspension(
    session: Session,
    *,
    person_id: UUID,
    tier_id: UUID,
    skill: str | None,
    floor: Fraction,
    evidence: dict[str, Any],
    base_url: str,
    at: datetime,
) -> UUID | None:
    """Put the evidence before the managers, and return the id of the proposal. It closes nothing.

    None while one is open for this person and tier, or while the tier is closed to the person already.
    """
    if _is_suspended(session, person_id, tier_id):
        return None
    proposal_id = session.execute(
        insert_into(session, SuspensionProposal)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            person_id=person_id,
            tier_id=tier_id,
            skill=skill,
            floor=floor,
            evidence=evidence,
            rule_version=RULE_VERSION,
            state=SuspensionState.OPEN,
            proposed_at=at,
        )
        .on_conflict_do_nothing()
        .returning(SuspensionProposal.id)
    ).scalar_one_or_none()
    if proposal_id is None:
        return None
    tier = session.get_one(Tier, tier_id)
    record(
        session,
        action="suspension.proposed",
        actor=WATCH,
        subject_id=person_id,
        at=at,
        proposal=str(proposal_id),
        tier=tier.slug,
        rule_version=RULE_VERSION,
    )
    tell_of_proposal(session, proposal_id=proposal_id, person_id=person_id, tier=tier, base_url=base_url, at=at)
    return proposal_id


def withdraw_proposals(session: Session, *, person_id: UUID, tier_id: UUID | None, at: datetime) -> None:
    """Nothing is left to decide: the tier is closed otherwise, or with `tier_id` None, all of them are."""
    open_ones = update(SuspensionProposal).where(
        SuspensionProposal.person_id == person_id, SuspensionProposal.state == SuspensionState.OPEN
    )
    if tier_id is not None:
        open_ones = open_ones.where(SuspensionProposal.tier_id == tier_id)
    session.execute(open_ones.values(state=SuspensionState.WITHDRAWN, decided_at=at))


def _is_suspended(session: Session, person_id: UUID, tier_id: UUID) -> bool:
    closes = or_(Sanction.tier_id == tier_id, Sanction.tier_id.is_(None))
    found = select(Sanction.id).where(Sanction.person_id == person_id, Sanction.lifted_at.is_(None), closes)
    return session.scalars(found).first() is not None
