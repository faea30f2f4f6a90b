"""Personal data of entitlements: the decisions that were made about a person, and their removal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.models.entitlements import EntitlementDecision, TierStanding
from certificates.models.tiers import Tier
from lms.db.scope import READS_PUBLIC


def export_entitlements(session: Session, person_id: UUID) -> dict[str, Any]:
    """To which tiers a person stands how, and every decision about them, newest first."""
    standings = session.execute(
        select(Tier.slug, TierStanding.outcome, TierStanding.changed_at)
        .join(TierStanding, TierStanding.tier_id == Tier.id)
        .where(TierStanding.person_id == person_id)
        .order_by(Tier.slug),
        execution_options=READS_PUBLIC,
    )
    decisions = session.execute(
        select(Tier.slug, EntitlementDecision)
        .join(EntitlementDecision, EntitlementDecision.tier_id == Tier.id)
        .where(EntitlementDecision.person_id == person_id)
        .order_by(EntitlementDecision.at.desc(), EntitlementDecision.id),
        execution_options=READS_PUBLIC,
    )
    return {
        "standings": [
            {"tier": slug, "outcome": outcome, "since": changed_at.isoformat()}
            for slug, outcome, changed_at in standings
        ],
        "decisions": [
            {"tier": slug, "at": one.at.isoformat(), "outcome": one.outcome, "inputs": one.inputs}
            for slug, one in decisions
        ],
    }


def erase_entitlements(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Nothing of it is kept, so the instant is not needed."""
    session.execute(delete(EntitlementDecision).where(EntitlementDecision.person_id == person_id))
    session.execute(delete(TierStanding).where(TierStanding.person_id == person_id))
