"""Answering: a response is checked against its item and saved; the highest sequence wins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Executable, Integer, Uuid, and_, bindparam, or_, select, true, union_all
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered at a position; `key` names this one save, sent again with it it is the same save."""

    position: int
    response: object
    sequence: int
    key: UUID | None = None


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
    """Save one answer as `save_responses` does, and return its sequence; raises the reason when it is not saved."""
    answers = [Answer(position, response, sequence, key)]
    for reason in save_responses(
        session, attempt_id=attempt_id, person_id=person_id, answers=answers, epoch=epoch, at=at
    ).values():
        raise reason
    return sequence


def save_responses(
    session: Session,
    *,
    attempt_id: UUID,
    person_id: UUID,
    answers: Sequence[Answer],
    epoch: int | None = None,
    at: datetime,
) -> dict[int, Invalid | Conflict]:
    """Save answers to several positions at once; those that are not saved come back with the reason, by position.

    Saving the same again is harmless. `at` is when the request came in; the deadline is judged by it. A save that is
    sent again with its key gets the same answer, also after the attempt was closed. `epoch` is that of the pen under
    which it was written; without one the save is not fenced. The reason is Invalid when a response does not fit its
    item or the key belongs to another answer, Conflict (with the stored state) when a later response is stored already
    or the pen was taken over. Raises NotFound when the attempt is not this person's or has no such position, Gone once
    it is closed.
    """
    saves: list[_Save] = []
    refused: dict[int, Invalid | Conflict] = {}
    for answer in answers:
        position = answer.position
        try:
            written = read_response(
                session, attempt_id=attempt_id, person_id=person_id, position=position, response=answer.response
            )
        except Invalid as refusal:
            refused[position] = refusal
        else:
            saves.append(_Save(attempt_id, person_id, position, written, answer.sequence, answer.key, epoch))
    saved = _upsert(session, saves, at=at) if saves else frozenset()
    for save in saves:
        if save.position not in saved:
            try:
                _accept_or_refuse(session, save, at=at)
            except (Invalid, Conflict) as refusal:
                refused[save.position] = refusal
    return refused


def read_response(
    session: Session, *, attempt_id: UUID, person_id: UUID, position: int, response: object
) -> dict[str, Any]:
    """A response in the shape of its item, ready to be stored. Raises Invalid, or NotFound."""
    place = next((p for p in get_form(session, attempt_id) if p.position == position), None)
    if place is None:
        get_attempt(session, attempt_id=attempt_id, person_id=person_id)  # another's sounds like one that never was
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


def _upsert(session: Session, saves: Sequence[_Save], *, at: datetime) -> frozenset[int]:
    """One statement that checks and writes all of them; the positions that it wrote."""
    first = saves[0]
    told: dict[str, object] = {name: getattr(first, name) for name in _OF_ALL}
    for number, save in enumerate(saves):
        told |= {f"{name}_{number}": getattr(save, name) for name in _OF_EACH}
    written = session.execute(_save_statement(inserter(session), len(saves)), {**told, "at": at})
    return frozenset(written.scalars())


@lru_cache
def _save_statement(insert: Callable[[type[Any]], Insert], count: int) -> Executable:
    """Put together once, for it is the statement that is sent most often.

    Its lock of the attempt's row keeps it apart from a submit or a takeover at the same moment.
    """
    told: dict[str, BindParameter[Any]] = {name: bindparam(name, type_=kind) for name, kind in _OF_ALL.items()}
    at = bindparam("at", type_=UtcDateTime())
    rows = [
        select(*(bindparam(f"{name}_{number}", type_=kind).label(name) for name, kind in _OF_EACH.items()))
        for number in range(count)
    ]
    answers = (union_all(*rows) if count > 1 else rows[0]).subquery("answers")
    each = answers.c
    of_open_attempt = (
        select(Attempt.id, each.position, each.response, each.sequence, at, each.key, Attempt.organisation_id)
        .join(answers, true())
        .where(
            Attempt.id == told["attempt_id"],
            Attempt.person_id == told["person_id"],
            Attempt.state == AttemptState.OPEN,
            Attempt.deadline_at >= at,
            or_(Attempt.break_ends_at.is_(None), Attempt.break_ends_at <= at),
            or_(told["epoch"].is_(None), Attempt.pen_epoch == told["epoch"]),
        )
    )
    written = ("response", "sequence", "saved_at", "idempotency_key")
    statement = insert(Response).from_select(
        ["attempt_id", "position", *written, "organisation_id"],
        of_open_attempt.with_for_update(read=True, of=Attempt),
    )
    is_another = or_(
        statement.excluded.idempotency_key.is_(None),
        Response.idempotency_key.is_distinct_from(statement.excluded.idempotency_key),
    )
    upsert = statement.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={name: statement.excluded[name] for name in written},
        where=and_(Response.sequence < statement.excluded.sequence, is_another),
    )
    # "raw": what is handed over are the parameters above, and not columns to insert.
    return upsert.returning(Response.position).execution_options(dml_strategy="raw")


_OF_ALL: dict[str, Any] = {"attempt_id": Uuid(), "person_id": Uuid(), "epoch": Integer()}
_OF_EACH: dict[str, Any] = {"position": Integer(), "response": Json, "sequence": Integer(), "key": Uuid()}


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
