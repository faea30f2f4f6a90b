"""Decisions that were made: one in full, as it was recorded, and how it turns out when it is made again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.decision_records import missing_as_json, parse_inputs
from certificates.domain.entitlements import RULE_VERSION, Outcome, decide
from certificates.models.entitlements import EntitlementDecision
from certificates.models.tiers import Tier
from certificates.queries.tiers import PUBLIC_PREFIX
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A recorded decision; `missing` and `inputs` as certificates.domain.decision_records writes them."""

    id: UUID
    person_id: UUID
    tier: str  # its name in the API
    action: str
    outcome: Outcome
    missing: list[dict[str, Any]]
    inputs: dict[str, Any]
    rule_version: int
    expires_at: datetime | None
    asked_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Replay:
    """The same inputs under the rule of today, and in which of its parts the decision is now another one."""

    rule_version: int
    outcome: Outcome
    missing: list[dict[str, Any]]
    expires_at: datetime | None
    differences: tuple[str, ...]


def get_decision(session: Session, decision_id: UUID) -> DecisionView:
    """A decision of the session's organisation. Raises NotFound."""
    row = session.execute(
        select(EntitlementDecision, Tier.slug, Tier.organisation_id)
        .join(Tier, Tier.id == EntitlementDecision.tier_id)
        .where(EntitlementDecision.id == decision_id, EntitlementDecision.organisation_id == organisation_of(session)),
        execution_options=READS_PUBLIC,
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such decision.")
    decision, slug, owner = row
    return DecisionView(
        id=decision.id,
        person_id=decision.person_id,
        tier=slug if owner == decision.organisation_id else f"{PUBLIC_PREFIX}{slug}",
        action=decision.action,
        outcome=decision.outcome,
        missing=decision.missing,
        inputs=decision.inputs,
        rule_version=decision.rule_version,
        expires_at=decision.expires_at,
        asked_by=decision.asked_by,
        at=decision.at,
    )


def replay(decision: DecisionView) -> Replay:
    """Decide again on the recorded inputs, by the same function as then unless the rule has changed since."""
    again = decide(parse_inputs(decision.inputs))
    missing = [missing_as_json(one) for one in again.missing]
    compared = {
        "outcome": again.outcome is decision.outcome,
        "missing": missing == decision.missing,
        "expires_at": again.expires_at == decision.expires_at,
    }
    differences = tuple(part for part, is_same in compared.items() if not is_same)
    return Replay(RULE_VERSION, again.outcome, missing, again.expires_at, differences)
