"""Whether outcomes are still what was accepted: the rows against the hashes in the audit."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.adapters.outcome_hash import hash_of
from certificates.domain.outcomes import Outcome
from certificates.models.work_quality import WorkOutcome
from certificates.queries.work_quality import outcome_of
from lms.audit.models import AuditEvent
from lms.audit.operations import record

RECEIVED = "work.outcomes-received"  # the action in the audit of a call with outcomes
ERASED = "work.outcomes-erased"


def note_erasure(session: Session, *, calls: Collection[UUID], at: datetime) -> None:
    """Say which calls lost outcomes because somebody left: they cannot be checked any more."""
    if calls:
        record(session, action=ERASED, actor="erasure", at=at, calls=sorted(map(str, calls)))


def find_altered_calls(session: Session) -> list[UUID]:
    """Calls whose outcomes are not those any more that were accepted: rows were changed, removed or added.

    Calls that lost outcomes by an erasure are left out.
    """
    kept: dict[UUID, list[Outcome]] = defaultdict(list)
    for row in session.scalars(select(WorkOutcome)):
        kept[row.call_id].append(outcome_of(row))
    events = session.scalars(select(AuditEvent).where(AuditEvent.action.in_((RECEIVED, ERASED)))).all()
    told = {event.subject_id: event.details["sha256"] for event in events if event.action == RECEIVED}
    erased = {UUID(call) for event in events if event.action == ERASED for call in event.details["calls"]}
    calls = {*kept, *(call for call in told if call is not None)} - erased
    return [call for call in sorted(calls) if hash_of(kept.get(call, [])) != told.get(call)]
