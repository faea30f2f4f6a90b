"""Deciding whether tiers are open to people: every answer is recorded with everything it rests on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table
from sqlalchemy.orm import Session

from certificates.domain.decision_records import inputs_as_json, missing_as_json
from certificates.domain.entitlements import RULE_VERSION, Outcome, decide
from certificates.models.entitlements import EntitlementDecision
from certificates.queries.entitlement_facts import ask, find_known
from certificates.queries.tiers import TierView
from lms.db.many_rows import insert_rows
from lms.db.scope import organisation_of

_DECISIONS = cast(Table, EntitlementDecision.__table__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A recorded decision; `missing` as certificates.domain.decision_records writes it."""

    decision_id: UUID
    outcome: Outcome
    missing: list[dict[str, Any]]
    expires_at: datetime | None


def check_entitlements(
    session: Session, *, people: Collection[UUID], tier: TierView, action: str, asked_by: str, at: datetime
) -> dict[UUID, Answer]:
    """Decide for each of these people, and record it: one statement and an insert, for one or for a thousand.

    Who is no member of the session's organisation is not among the answers.
    """
    answers: dict[UUID, Answer] = {}
    rows: list[dict[str, Any]] = []
    asked = ask(tier, action=action, at=at)
    for person_id, person in find_known(session, people).items():
        inputs = person.inputs(asked)
        decision = decide(inputs)
        answer = Answer(
            uuid4(), decision.outcome, [missing_as_json(one) for one in decision.missing], decision.expires_at
        )
        answers[person_id] = answer
        rows.append(
            {
                "id": answer.decision_id,
                "organisation_id": organisation_of(session),
                "person_id": person_id,
                "tier_id": tier.id,
                "action": action,
                "outcome": decision.outcome,
                "missing": answer.missing,
                "inputs": inputs_as_json(inputs),
                "rule_version": RULE_VERSION,
                "expires_at": decision.expires_at,
                "asked_by": asked_by,
                "at": at,
            }
        )
    if rows:
        insert_rows(session, _DECISIONS, rows)
    return answers
