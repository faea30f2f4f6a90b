"""Personal data of work quality: what is held of a person's work and of decisions about it, and its erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from certificates.domain.life_cycle import ERASED_TEXT
from certificates.models.sanctions import (
    AppealState,
    Sanction,
    SanctionAppeal,
    SuspensionProposal,
    SuspensionState,
)
from certificates.models.work_quality import QualityWatch, WorkOutcome, WorkQuality
from certificates.operations.outcome_records import note_erasure
from certificates.queries.sanctions import list_proposals, list_sanctions
from certificates.queries.work_quality import list_quality


def export_quality(session: Session, person_id: UUID) -> dict[str, Any]:
    """Every outcome, every estimate, every proposal, suspension and appeal."""
    own = select(WorkOutcome).where(WorkOutcome.person_id == person_id)
    return {
        "estimates": [
            {
                "skill": one.skill,
                "tasks": one.estimate.tasks,
                "estimate": float(one.estimate.value),
                "low": float(one.estimate.low),
                "high": float(one.estimate.high),
            }
            for one in list_quality(session, person_id=person_id)
        ],
        "outcomes": [
            {
                "external_id": one.external_id,
                "task_id": one.task_id,
                "skill": one.skill,
                "tier": one.tier_slug,
                "kind": one.kind,
                "score": float(one.score),
                "is_first": one.is_first,
                "occurred_at": one.occurred_at.isoformat(),
            }
            for one in session.scalars(own.order_by(WorkOutcome.number))
        ],
        "proposals": [
            {
                "tier": line.tier.slug,
                "state": line.proposal.state,
                "proposed_at": line.proposal.proposed_at.isoformat(),
                "evidence": line.proposal.evidence,
                "reason": line.proposal.reason,
            }
            for line in list_proposals(session, person_id=person_id)
        ],
        "suspensions": [
            {
                "tier": line.tier.slug if line.tier else None,
                "reason": line.sanction.reason,
                "imposed_at": line.sanction.imposed_at.isoformat(),
                "lifted_at": line.sanction.lifted_at.isoformat() if line.sanction.lifted_at else None,
                "lift_reason": line.sanction.lift_reason,
                "appeal": line.appeal and {"grounds": line.appeal.grounds, "state": line.appeal.state},
            }
            for line in list_sanctions(session, person_id=person_id)
        ],
    }


def erase_quality(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Outcomes and figures go; of decisions stays that there was one, without what anybody wrote about the person."""
    calls = session.scalars(select(WorkOutcome.call_id).where(WorkOutcome.person_id == person_id).distinct()).all()
    note_erasure(session, calls=calls, at=at)
    for table in (QualityWatch, WorkQuality, WorkOutcome):
        session.execute(delete(table).where(table.person_id == person_id))
    session.execute(
        update(SanctionAppeal)
        .where(SanctionAppeal.person_id == person_id, SanctionAppeal.state == AppealState.OPEN)
        .values(state=AppealState.SETTLED, decided_at=at)
    )
    session.execute(update(SanctionAppeal).where(SanctionAppeal.person_id == person_id).values(grounds=ERASED_TEXT))
    session.execute(
        update(SuspensionProposal)
        .where(SuspensionProposal.person_id == person_id, SuspensionProposal.state == SuspensionState.OPEN)
        .values(state=SuspensionState.WITHDRAWN, decided_at=at)
    )
    session.execute(update(SuspensionProposal).where(SuspensionProposal.person_id == person_id).values(evidence={}))
    session.execute(update(Sanction).where(Sanction.person_id == person_id).values(reason=ERASED_TEXT))
    for decided, words in ((SanctionAppeal, SanctionAppeal.reason), (SuspensionProposal, SuspensionProposal.reason)):
        session.execute(
            update(decided).where(decided.person_id == person_id, words.is_not(None)).values({words: ERASED_TEXT})
        )
    session.execute(
        update(Sanction)
        .where(Sanction.person_id == person_id, Sanction.lift_reason.is_not(None))
        .values(lift_reason=ERASED_TEXT)
    )
