"""Practice: the items of a lesson, and how somebody did on them. Keys come only with a try."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Content, Key
from assessments.models.items import AnswerKey, Item, ItemState, ItemUse, ItemVersion
from assessments.models.results import PracticeTry


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """A practice item as it is shown before a try."""

    item_id: UUID
    version_id: UUID
    identifier: str
    type: str
    content: Content
    attribution: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """The key of a practice item with its reasons, for somebody who has tried."""

    key_id: UUID
    key: Key
    rationale: str
    sources: Sequence[dict[str, Any]]
    temptations: dict[str, str]


@dataclass(frozen=True, slots=True)
class Try:
    """One try: its response, and the versions that it was made against."""

    identifier: str
    number: int
    points: Fraction | None
    tried_at: datetime
    response: dict[str, Any]
    version_id: UUID
    key_id: UUID


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """How many items were tried, and how many of them were fully right at the first try."""

    tried: int
    right_first: int


def find_items(session: Session, identifiers: Iterable[str]) -> dict[str, PracticeItem]:
    """The current versions of practice items, by identifier, in one statement."""
    rows = session.execute(
        select(Item.id, ItemVersion.id, Item.identifier, ItemVersion.type, ItemVersion.content, ItemVersion.attribution)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(
            Item.identifier.in_(list(identifiers)),
            Item.use == ItemUse.PRACTICE,
            Item.state == ItemState.LIVE,
            ItemVersion.is_current,
        )
    )
    return {
        identifier: PracticeItem(
            item_id, version_id, identifier, type, item_type(type).content.model_validate(content), attribution
        )
        for item_id, version_id, identifier, type, content, attribution in rows
    }


def current_key(session: Session, version_id: UUID) -> AnswerKey:
    """The key that a try is scored against now."""
    found = select(AnswerKey).where(AnswerKey.item_version_id == version_id, AnswerKey.is_current)
    return session.scalars(found).one()


def reasons_of(session: Session, tries: Iterable[Try]) -> dict[UUID, Reasons]:
    """The keys and reasons that these tries were scored with, by key id, in one statement."""
    rows = session.execute(
        select(AnswerKey, ItemVersion.type)
        .join(ItemVersion, ItemVersion.id == AnswerKey.item_version_id)
        .where(AnswerKey.id.in_([attempt.key_id for attempt in tries]))
    )
    return {
        row.id: Reasons(
            row.id, item_type(type).key.model_validate(row.key), row.rationale, row.sources, row.temptations
        )
        for row, type in rows
    }


def list_tries(session: Session, *, person_id: UUID, identifiers: Iterable[str]) -> dict[str, list[Try]]:
    """A person's tries of these items, oldest first, in one statement."""
    rows = session.execute(
        select(
            Item.identifier,
            PracticeTry.number,
            PracticeTry.points,
            PracticeTry.tried_at,
            PracticeTry.response,
            PracticeTry.item_version_id,
            PracticeTry.answer_key_id,
        )
        .join(Item, Item.id == PracticeTry.item_id)
        .where(PracticeTry.person_id == person_id, Item.identifier.in_(list(identifiers)))
        .order_by(PracticeTry.number)
    )
    tries: dict[str, list[Try]] = {}
    for row in rows:
        tries.setdefault(row[0], []).append(Try(*row))
    return tries


def practice_record(session: Session, *, person_id: UUID, identifiers: Iterable[str] | None = None) -> PracticeRecord:
    """First-try accuracy over these items, or over all that the person tried."""
    counted = select(func.count(), func.count().filter(PracticeTry.points == Fraction(1))).where(
        PracticeTry.person_id == person_id, PracticeTry.number == 1, PracticeTry.points.is_not(None)
    )
    if identifiers is not None:
        wanted = select(Item.id).where(Item.identifier.in_(list(identifiers)))
        counted = counted.where(PracticeTry.item_id.in_(wanted))
    tried, right = session.execute(counted).one()
    return PracticeRecord(tried, right)
