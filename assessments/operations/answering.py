"""Answering: a response is checked against its item and saved; the highest sequence wins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, literal, select
from sqlalchemy.orm import Session

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.models.attempts import Attempt, AttemptState, Response
from assessments.queries.attempts import Stored, find_response, get_attempt, get_form
from assessments.queries.versions import get_versions
from lms.db.base import Json, UtcDateTime
from lms.db.upsert import insert_into
from lms.errors import Conflict, Gone, Invalid, NotFound


def save_response(
    session: Session,
    *,
    attempt_id: UUID,
    person_id: UUID,
    position: int,
    response: object,
    sequence: int,
    at: datetime,
) -> int:
    """Save what was answered at a position and return its sequence; saving the same again is harmless.

    `at` is when the request came in; the deadline is judged by it. Raises Invalid when the response does not
    fit the item, NotFound when the attempt is not this person's or has no such position, Gone once it is
    closed, Conflict (with the stored state) when a later response is stored already.
    """
    place = next((p for p in get_form(session, attempt_id) if p.position == position), None)
    if place is None:
        raise NotFound("There is no such position in an attempt of yours.")
    version = get_versions(session, [place.version_id])[place.version_id]
    try:
        parsed = parse_response(version.type, version.content, response)
    except InvalidResponse as fault:
        # Whose attempt it is comes first: what fits an item is nobody else's to learn.
        get_attempt(session, attempt_id=attempt_id, person_id=person_id)
        raise Invalid(str(fault)) from fault
    written = parsed.model_dump(mode="json")
    target = _Target(attempt_id, person_id, position)
    if not _upsert(session, target, response=written, sequence=sequence, at=at):
        stored = _stored_instead(session, target, at=at)
        if (stored.sequence, stored.response) != (sequence, written):  # else this very save was made before
            raise Conflict(
                "A later answer is stored already.",
                facts={"saved": False, "sequence": stored.sequence, "response": stored.response},
            )
    return sequence


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a response goes, and whose it must be."""

    attempt_id: UUID
    person_id: UUID
    position: int


def _upsert(session: Session, target: _Target, *, response: dict[str, Any], sequence: int, at: datetime) -> bool:
    """One statement that checks and writes. The row lock keeps it apart from a submit at the same moment."""
    open_attempt = (
        select(
            literal(target.attempt_id, Uuid()),
            literal(target.position),
            bindparam("saved_response", response, Json),
            literal(sequence),
            literal(at, UtcDateTime()),
            Attempt.organisation_id,
        )
        .where(
            Attempt.id == target.attempt_id,
            Attempt.person_id == target.person_id,
            Attempt.state == AttemptState.OPEN,
            Attempt.deadline_at >= at,
        )
        .with_for_update(read=True)
    )
    columns = ["attempt_id", "position", "response", "sequence", "saved_at", "organisation_id"]
    statement = insert_into(session, Response).from_select(columns, open_attempt)
    return (
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["attempt_id", "position"],
                set_={name: statement.excluded[name] for name in ("response", "sequence", "saved_at")},
                where=Response.sequence < statement.excluded.sequence,
            ).returning(Response.sequence)
        ).scalar_one_or_none()
        is not None
    )


def _stored_instead(session: Session, target: _Target, *, at: datetime) -> Stored:
    """What is stored where nothing was written; NotFound or Gone when that is why."""
    attempt = get_attempt(session, attempt_id=target.attempt_id, person_id=target.person_id)
    if attempt.state is not AttemptState.OPEN or attempt.deadline_at < at:
        raise Gone("This attempt is closed; it takes no more answers.", facts={"saved": False})
    stored = find_response(session, attempt_id=target.attempt_id, position=target.position)
    assert stored is not None  # an open attempt refuses a save only because something as new is stored
    return stored
