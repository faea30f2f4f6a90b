"""Forgetting decisions about entitlements that are older than an installation keeps them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.models.entitlements import EntitlementDecision


def forget_decisions(session: Session, *, before: datetime, most: int) -> int:
    """Forget decisions made before an instant, so many at most, the oldest first; returns how many it were."""
    old = (
        select(EntitlementDecision.id)
        .where(EntitlementDecision.at < before)
        .order_by(EntitlementDecision.at)
        .limit(most)
    )
    forgotten = session.scalars(old).all()
    session.execute(
        delete(EntitlementDecision)
        .where(EntitlementDecision.id.in_(forgotten))
        .execution_options(synchronize_session=False)
    )
    return len(forgotten)
