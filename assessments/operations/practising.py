"""Practising: a try is scored at once, kept, and counted once however often it is sent."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type, parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.models.results import PracticeTry
from assessments.queries.practice import current_key, find_items
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotFound


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
    kind = item_type(item.type)
    try:
        parsed = parse_response(item.type, item.content, response)
    except InvalidResponse as fault:
        raise Invalid(str(fault)) from fault
    key = current_key(session, item.version_id)
    score = kind.score(item.content, kind.key.model_validate(key.key), parsed)
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
            answer_key_id=key.id,
            number=number.scalar_subquery(),
            try_key=try_key,
            response=parsed.model_dump(mode="json"),
            points=score.automatic,
            tried_at=at,
        )
        .on_conflict_do_nothing()
        .returning(PracticeTry.id)
    ).scalar_one_or_none()
    if kept is None and not _was_kept(session, person_id=person_id, try_key=try_key):
        raise Conflict("Another try of yours arrived at the same moment. Send this one again.")


def _was_kept(session: Session, *, person_id: UUID, try_key: UUID) -> bool:
    found = select(PracticeTry.id).where(PracticeTry.person_id == person_id, PracticeTry.try_key == try_key)
    return session.scalars(found).first() is not None
