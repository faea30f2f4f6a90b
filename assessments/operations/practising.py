"""Practising: a try is scored at once, kept, and counted once however often it is sent."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type, parse_response
from assessments.domain.schemas.base import InvalidResponse, Response
from assessments.domain.scores import ItemScore
from assessments.models.results import PracticeTry
from assessments.queries.practice import PracticeItem, current_key, find_items
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class ScoredTry:
    """What was answered, and what it earns by the key that is current now."""

    response: Response
    key_id: UUID
    score: ItemScore


def try_practice_item(
    session: Session, *, identifier: str, person_id: UUID, response: object, try_key: UUID, at: datetime
) -> None:
    """Score and keep a try. The same `try_key` again changes nothing.

    Raises NotFound for an item that is not for practice, Invalid when the response does not fit, Conflict when
    another try of the same person was faster.
    """
    item = find_items(session, [identifier]).get(identifier)
    if item is None:
        raise NotFound("There is no such practice item.")
    made = score_try(session, item, response)
    kept = keep_try(session, item, made, points=made.score.automatic, person_id=person_id, try_key=try_key, at=at)
    if not kept and not was_kept(session, person_id=person_id, try_key=try_key):
        raise Conflict("Another try of yours arrived at the same moment. Send this one again.")


def score_try(session: Session, item: PracticeItem, response: object) -> ScoredTry:
    """Score what came from outside. Raises Invalid when it does not fit the item."""
    kind = item_type(item.type)
    try:
        parsed = parse_response(item.type, item.content, response)
    except InvalidResponse as fault:
        raise Invalid(str(fault)) from fault
    key = current_key(session, item.version_id)
    return ScoredTry(parsed, key.id, kind.score(item.content, kind.key.model_validate(key.key), parsed))


def keep_try(
    session: Session,
    item: PracticeItem,
    made: ScoredTry,
    *,
    points: Fraction | None,
    person_id: UUID,
    try_key: UUID,
    at: datetime,
    round_id: UUID | None = None,
) -> bool:
    """Insert a try under the person's next number for the item; False when a unique constraint forbids it."""
    number = select(func.coalesce(func.max(PracticeTry.number), 0) + 1).where(
        PracticeTry.person_id == person_id, PracticeTry.item_id == item.item_id
    )
    kept = session.execute(
        insert_into(session, PracticeTry)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            person_id=person_id,
            item_id=item.item_id,
            item_version_id=item.version_id,
            answer_key_id=made.key_id,
            calibration_round_id=round_id,
            number=number.scalar_subquery(),
            try_key=try_key,
            response=made.response.model_dump(mode="json"),
            points=points,
            tried_at=at,
        )
        .on_conflict_do_nothing()
        .returning(PracticeTry.id)
    ).scalar_one_or_none()
    return kept is not None


def was_kept(session: Session, *, person_id: UUID, try_key: UUID, round_id: UUID | None = None) -> bool:
    """Whether this very try is there already."""
    found = select(PracticeTry.id).where(
        PracticeTry.person_id == person_id,
        PracticeTry.try_key == try_key,
        PracticeTry.calibration_round_id.is_(None)
        if round_id is None
        else PracticeTry.calibration_round_id == round_id,
    )
    return session.scalars(found).first() is not None
