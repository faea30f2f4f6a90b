"""Answering: a response is checked against its item and saved; the highest sequence wins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Executable, Integer, Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.models.attempts import Attempt, AttemptState, Response
from assessments.queries.attempts import AttemptSummary, find_response, get_attempt, get_form
from assessments.queries.outages import is_silent, is_undecided
from assessments.queries.versions import get_versions
from lms.db.base import Json, UtcDateTime
from lms.db.upsert import Insert, inserter
from lms.errors import Conflict, Gone, Invalid, NotFound

TAKEN_OVER = "taken-over"
ON_BREAK = "on-break"
UNDECIDED = "undecided"


def save_response(
    session: Session,
    *,
    attempt_id: UUID,
    person_id: UUID,
    position: int,
    response: object,
    sequence: int,
    key: UUID | None = None,
    epoch: int | None = None,
    at: datetime,
) -> int:
    """Save what was answered at a position and return its sequence; saving the same again is harmless.

    `at` is when the request came in; the deadline is judged by it. `key` names this one save: sent again with it, the
    same save gets the same answer, also after the attempt was closed. `epoch` is that of the pen under which it was
    written; without one the save is not fenced. Raises Invalid when the response does not fit the item or the key
    belongs to another answer, NotFound when the attempt is not this person's or has no such position, Gone once it is
    closed, Conflict (with the stored state) when a later response is stored already or the pen was taken over.
    """
    written = read_response(session, attempt_id=attempt_id, person_id=person_id, position=position, response=response)
    save = _Save(attempt_id, person_id, position, written, sequence, key, epoch)
    if not _upsert(session, save, at=at):
        _accept_or_refuse(session, save, at=at)
    return sequence


def read_response(
    session: Session, *, attempt_id: UUID, person_id: UUID, position: int, response: object
) -> dict[str, Any]:
    """A response in the shape of its item, ready to be stored. Raises Invalid, or NotFound."""
    place = next((p for p in get_form(session, attempt_id) if p.position == position), None)
    if place is None:
        raise NotFound("There is no such position in an attempt of yours.")
    version = get_versions(session, [place.version_id])[place.version_id]
    try:
        return parse_response(version.type, version.content, response).model_dump(mode="json")
    except InvalidResponse as fault:
        # Whose attempt it is comes first: what fits an item is nobody else's to learn.
        get_attempt(session, attempt_id=attempt_id, person_id=person_id)
        raise Invalid(str(fault)) from fault


@dataclass(frozen=True, slots=True)
class _Save:
    """One save: where it goes, whose it must be, what it says, and under which pen."""

    attempt_id: UUID
    person_id: UUID
    position: int
    response: dict[str, Any]
    sequence: int
    key: UUID | None
    epoch: int | None


def _upsert(session: Session, save: _Save, *, at: datetime) -> bool:
    """One statement that checks and writes."""
    told = {**{name: getattr(save, name) for name in _TYPES}, "at": at}
    return session.execute(_save_statement(inserter(session)), told).scalar_one_or_none() is not None


@lru_cache
def _save_statement(insert: Callable[[type[Any]], Insert]) -> Executable:
    """Put together once, for it is the statement that is sent most often.

    Its lock of the attempt's row keeps it apart from a submit or a takeover at the same moment.
    """
    told: dict[str, BindParameter[Any]] = {name: bindparam(name, type_=kind) for name, kind in _TYPES.items()}
    at = bindparam("at", type_=UtcDateTime())
    open_attempt = select(
        told["attempt_id"],
        told["position"],
        told["response"],
        told["sequence"],
        at,
        told["key"],
        Attempt.organisation_id,
    ).where(
        Attempt.id == told["attempt_id"],
        Attempt.person_id == told["person_id"],
        Attempt.state == AttemptState.OPEN,
        Attempt.deadline_at >= at,
        or_(Attempt.break_ends_at.is_(None), Attempt.break_ends_at <= at),
        or_(told["epoch"].is_(None), Attempt.pen_epoch == told["epoch"]),
    )
    written = ("response", "sequence", "saved_at", "idempotency_key")
    statement = insert(Response).from_select(
        ["attempt_id", "position", *written, "organisation_id"], open_attempt.with_for_update(read=True)
    )
    is_another = or_(told["key"].is_(None), Response.idempotency_key.is_distinct_from(told["key"]))
    upsert = statement.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={name: statement.excluded[name] for name in written},
        where=and_(Response.sequence < statement.excluded.sequence, is_another),
    )
    # "raw": what is handed over are the parameters above, and not columns to insert.
    return upsert.returning(Response.sequence).execution_options(dml_strategy="raw")


_TYPES: dict[str, Any] = {
    "attempt_id": Uuid(),
    "person_id": Uuid(),
    "position": Integer(),
    "response": Json,
    "sequence": Integer(),
    "key": Uuid(),
    "epoch": Integer(),
}


def _accept_or_refuse(session: Session, save: _Save, *, at: datetime) -> None:
    """Why nothing was written: this very save was made before, which is fine, or a refusal is raised."""
    attempt = get_attempt(session, attempt_id=save.attempt_id, person_id=save.person_id)
    stored = find_response(session, attempt_id=save.attempt_id, position=save.position)
    is_same = stored is not None and (stored.sequence, stored.response) == (save.sequence, save.response)
    if stored is not None and save.key is not None and stored.idempotency_key == save.key:
        if is_same:
            return
        raise Invalid("This Idempotency-Key belongs to another answer; each answer needs a key of its own.")
    if _may_be_extended(session, attempt, at=at):
        raise Conflict(
            "The service was away, and your time is being extended or decided on. Send the answer again in a moment.",
            facts={"saved": False, "reason": UNDECIDED},
        )
    if attempt.state is not AttemptState.OPEN or attempt.deadline_at < at:
        raise Gone("This attempt is closed; it takes no more answers.", facts={"saved": False})
    if is_same:
        return
    if attempt.clock.is_on_break(at):
        raise Conflict(
            "You are on a break: the answer is taken once you go on.", facts={"saved": False, "reason": ON_BREAK}
        )
    known = {"saved": False, **({"sequence": stored.sequence, "response": stored.response} if stored else {})}
    if save.epoch is not None and save.epoch != attempt.pen_epoch:
        raise Conflict("Another window writes this attempt now.", facts={**known, "reason": TAKEN_OVER})
    if stored is None or stored.sequence < save.sequence:
        # The attempt changed between the two statements, as when its time was extended just now.
        raise Conflict("This attempt changed just now; please send the answer again.", facts={"saved": False})
    raise Conflict("A later answer is stored already.", facts=known)


def _may_be_extended(session: Session, attempt: AttemptSummary, *, at: datetime) -> bool:
    """Whether an attempt whose time is over is only being held, because an outage is still to be counted."""
    if attempt.state is not AttemptState.OPEN or at <= attempt.deadline_at:
        return False
    return is_silent(session, at=at) or is_undecided(
        session, started_at=attempt.started_at, deadline_at=attempt.deadline_at
    )
