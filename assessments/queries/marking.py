"""Marking: the responses that wait for a marker, and what markers said. Blind: nobody's name is in any of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.marked_types import MARKED_TYPES
from assessments.domain.schemas.base import Content, Key, Response
from assessments.domain.scores import ItemScore
from assessments.models.attempts import Attempt, AttemptState, FormItem
from assessments.models.attempts import Response as StoredResponse
from assessments.models.items import AnswerKey, ItemVersion
from assessments.models.marks import Mark
from assessments.models.tests import TestVersion
from lms.errors import Conflict, NotAllowed, NotFound

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A response in the queue: where it stands, and since when it waits."""

    attempt_id: UUID
    position: int
    type: str
    test_title: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class ResponseToMark:
    """A response that waits, with all that a marker judges it by; `score` is what the program found so far."""

    waiting: Waiting
    content: Content
    key: Key
    response: Response
    score: ItemScore


def list_waiting(
    session: Session, *, marker_id: UUID, most: int = MOST_LISTED, batch: int = MOST_LISTED
) -> list[Waiting]:
    """The responses that nobody has marked yet, oldest first, at most so many; never the marker's own.

    What is left of a `batch` of rows, one statement, once those that wait for nobody are gone may not be enough; then
    the next one is asked for.
    """
    marked = select(Mark.id).where(Mark.attempt_id == FormItem.attempt_id, Mark.position == FormItem.position)
    unmarked = _submitted().where(Attempt.person_id != marker_id, ~marked.exists())
    rows = _in_batches(session, unmarked, batch)
    waiting = (judged.waiting for judged in map(_judged, rows) if judged.score.waiting)
    return list(islice(waiting, most))


def _in_batches(session: Session, submitted: Select[Any], size: int) -> Iterator[Any]:
    """Row after row, so many a statement: however much waits, little of it is held at once."""
    place = tuple_(Attempt.submitted_at, Attempt.id, FormItem.position)
    batch = submitted.limit(size)
    while rows := session.execute(batch).all():
        yield from rows
        if len(rows) < size:
            return
        last = rows[-1]
        batch = submitted.where(place > tuple_(last.submitted_at, last.id, last.position)).limit(size)


def get_response_to_mark(session: Session, *, attempt_id: UUID, position: int, marker_id: UUID) -> ResponseToMark:
    """Raises NotFound without such a response, NotAllowed for the marker's own, Conflict when it waits no more."""
    own = select(Attempt.id).where(Attempt.id == attempt_id, Attempt.person_id == marker_id)
    if session.scalars(own).first() is not None:
        raise NotAllowed("This is an attempt of your own; somebody else marks it.")
    if session.get(FormItem, (attempt_id, position)) is None:
        raise NotFound("There is no such response.")
    place = (Mark.attempt_id == attempt_id, Mark.position == position, Mark.marker_id == marker_id)
    if session.scalars(select(Mark.id).where(*place)).first() is not None:
        raise Conflict("You have marked this response already.")
    rows = session.execute(_submitted().where(Attempt.id == attempt_id, FormItem.position == position))
    found = [judged for judged in map(_judged, rows) if judged.score.waiting]
    if not found:
        raise Conflict("This response does not wait for a mark, or not any more.")
    return found[0]


def marks_of(session: Session, attempt_id: UUID) -> dict[int, list[Mapping[str, int]]]:
    """The levels that markers gave in an attempt, by position."""
    rows = session.execute(select(Mark.position, Mark.levels).where(Mark.attempt_id == attempt_id))
    marks: dict[int, list[Mapping[str, int]]] = {}
    for position, levels in rows:
        marks.setdefault(position, []).append(levels)
    return marks


def count_marks(session: Session, *, marker_id: UUID) -> int:
    """How many responses a person has marked."""
    return session.scalars(select(func.count(Mark.id)).where(Mark.marker_id == marker_id)).one()


def _submitted() -> Select[Any]:
    """Scored positions with a response of attempts that have no result yet, of types that may wait; oldest first."""
    return (
        select(
            Attempt.id,
            FormItem.position,
            ItemVersion.type,
            TestVersion.title,
            Attempt.submitted_at,
            ItemVersion.content,
            AnswerKey.key,
            StoredResponse.response,
        )
        .join(FormItem, FormItem.attempt_id == Attempt.id)
        .join(ItemVersion, ItemVersion.id == FormItem.item_version_id)
        .join(AnswerKey, AnswerKey.id == FormItem.answer_key_id)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
        .join(
            StoredResponse,
            (StoredResponse.attempt_id == Attempt.id) & (StoredResponse.position == FormItem.position),
        )
        .where(Attempt.state == AttemptState.SUBMITTED, FormItem.is_scored, ItemVersion.type.in_(MARKED_TYPES))
        .order_by(Attempt.submitted_at, Attempt.id, FormItem.position)
    )


def _judged(row: Any) -> ResponseToMark:
    attempt_id, position, type_name, title, submitted_at, raw_content, raw_key, raw_response = row
    kind = item_type(type_name)
    content, key = kind.content.model_validate(raw_content), kind.key.model_validate(raw_key)
    response = kind.response.model_validate(raw_response)
    waiting = Waiting(attempt_id, position, type_name, title, submitted_at)
    return ResponseToMark(waiting, content, key, response, kind.score(content, key, response))
