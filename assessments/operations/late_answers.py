"""Late answers: given before the deadline, delivered after it; kept for a person to decide whether they count."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState, LateDecision, LateResponse
from assessments.operations.answering import read_response
from assessments.queries.attempts import AttemptSummary, find_response, get_attempt
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into

ACCEPTED_FOR = timedelta(days=14)  # after the deadline


def keep_late_response(
    session: Session,
    *,
    attempt_id: UUID,
    person_id: UUID,
    position: int,
    response: object,
    sequence: int,
    made_at: datetime,
    at: datetime,
) -> bool:
    """Keep an answer whose device says that it was given in time; whether it is kept now. The latest one counts.

    Only an attempt that the deadline closed has late answers: after handing in oneself there is nothing to add. What
    is stored already needs no second keeping, and once it was decided about an attempt nothing is added. Raises
    Invalid when the response does not fit its item, NotFound when the attempt is not this person's or has no such
    position.
    """
    written = read_response(session, attempt_id=attempt_id, person_id=person_id, position=position, response=response)
    attempt = get_attempt(session, attempt_id=attempt_id, person_id=person_id)
    stored = find_response(session, attempt_id=attempt_id, position=position)
    if not _takes_late_answers(attempt, made_at=made_at, at=at) or (stored and stored.response == written):
        return False
    if _was_decided(session, attempt_id):
        return _is_kept(session, attempt_id=attempt_id, position=position, sequence=sequence, response=written)
    statement = insert_into(session, LateResponse).values(
        attempt_id=attempt_id,
        position=position,
        response=written,
        sequence=sequence,
        made_at=max(made_at, attempt.started_at),  # a device whose clock jumped may say anything
        received_at=at,
        organisation_id=organisation_of(session),
    )
    changed = {name: statement.excluded[name] for name in ("response", "sequence", "made_at", "received_at")}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["attempt_id", "position"],
            set_=changed,
            where=LateResponse.sequence < statement.excluded.sequence,
        )
    )
    return _is_kept(session, attempt_id=attempt_id, position=position, sequence=sequence, response=written)


def _is_kept(session: Session, *, attempt_id: UUID, position: int, sequence: int, response: dict[str, Any]) -> bool:
    """Whether this very answer is kept: whoever never heard so may ask again."""
    kept = session.get(LateResponse, (attempt_id, position), populate_existing=True)
    return kept is not None and (kept.sequence, kept.response) == (sequence, response)


def _was_decided(session: Session, attempt_id: UUID) -> bool:
    """Whether somebody decided about this attempt's late answers; nobody does until this transaction is over."""
    session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update(read=True))
    decided = select(LateDecision.attempt_id).where(LateDecision.attempt_id == attempt_id)
    return session.scalars(decided).first() is not None


def _takes_late_answers(attempt: AttemptSummary, *, made_at: datetime, at: datetime) -> bool:
    was_ended_by_deadline = attempt.was_submitted_by_deadline or attempt.state is AttemptState.OPEN
    is_real = attempt.state is not AttemptState.VOIDED
    in_time, in_reach = made_at <= attempt.deadline_at < at, at <= attempt.deadline_at + ACCEPTED_FOR
    return was_ended_by_deadline and is_real and in_time and in_reach
