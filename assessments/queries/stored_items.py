"""Items as authors see them: what is written of one, who did what to it, its versions and the decisions on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.written_items import Written
from assessments.models.authoring import Decision, DraftState, ItemDraft, ItemReview
from assessments.models.items import AnswerKey, Item, ItemState, ItemVersion
from lms.accounts.models import Person
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """What is being edited or decided on."""

    revision: int
    state: DraftState
    edited_by: UUID
    edited_at: datetime
    submitted_by: UUID | None
    submitted_at: datetime | None
    written: Written

    @property
    def is_in_review(self) -> bool:
        return self.state is DraftState.IN_REVIEW


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with its open draft and its current version, either of which may be missing."""

    id: UUID
    bank: str
    identifier: str
    type: str
    state: ItemState
    draft: OpenDraft | None
    current: Written | None

    @property
    def written(self) -> Written:
        """What there is to edit: the draft, else the current version."""
        newest = self.draft.written if self.draft else self.current
        return newest or Written({}, {}, {}, {"bank": self.bank, "identifier": self.identifier})

    @property
    def is_published(self) -> bool:
        return self.current is not None

    @property
    def revision(self) -> int:
        """How often the draft was saved; 0 where there is none."""
        return self.draft.revision if self.draft else 0


@dataclass(frozen=True, slots=True)
class ReleasedState:
    """An item as it was published once: a version and one of its keys, named such as "2.1"."""

    name: str
    key_id: UUID
    written: Written
    made_at: datetime
    created_by: UUID | None
    approved_by: UUID | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Review:
    """One decision on a draft."""

    decision: Decision
    comment: str
    decided_by: UUID
    decided_at: datetime
    edited_by: UUID
    submitted_by: UUID


def get_stored_item(session: Session, item_id: UUID) -> StoredItem:
    """Raises NotFound."""
    row = session.execute(
        select(Item, ItemDraft, ItemVersion, AnswerKey)
        .outerjoin(ItemDraft, ItemDraft.item_id == Item.id)
        .outerjoin(ItemVersion, (ItemVersion.item_id == Item.id) & ItemVersion.is_current)
        .outerjoin(AnswerKey, (AnswerKey.item_version_id == ItemVersion.id) & AnswerKey.is_current)
        .where(Item.id == item_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such item.")
    item, draft, version, key = row
    return StoredItem(
        id=item.id,
        bank=item.bank,
        identifier=item.identifier,
        type=item.type,
        state=item.state,
        draft=_open_draft(item, draft) if draft else None,
        current=_released(item, version, key) if version and key else None,
    )


def list_released(session: Session, item_id: UUID) -> list[ReleasedState]:
    """Every published state of an item, the newest first."""
    rows = session.execute(
        select(Item, ItemVersion, AnswerKey)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(AnswerKey, AnswerKey.item_version_id == ItemVersion.id)
        .where(Item.id == item_id)
        .order_by(ItemVersion.number.desc(), AnswerKey.number.desc())
    )
    return [
        ReleasedState(
            name=f"{version.number}.{key.number}",
            key_id=key.id,
            written=_released(item, version, key),
            made_at=key.created_at,
            created_by=key.created_by or version.created_by,
            approved_by=key.approved_by or version.approved_by,
            is_current=version.is_current and key.is_current,
        )
        for item, version, key in rows
    ]


def list_reviews(session: Session, item_id: UUID) -> list[Review]:
    """The decisions on an item, the newest first."""
    found = select(ItemReview).where(ItemReview.item_id == item_id).order_by(ItemReview.decided_at.desc())
    return [
        Review(
            review.decision,
            review.comment,
            review.decided_by,
            review.decided_at,
            review.edited_by,
            review.submitted_by,
        )
        for review in session.scalars(found)
    ]


def names_of(session: Session, people: set[UUID | None]) -> Mapping[UUID | None, str]:
    """What these people are called; whoever erased the account has no name."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_([one for one in people if one])))
    return dict(rows.all())


def _open_draft(item: Item, draft: ItemDraft) -> OpenDraft:
    written = Written(draft.content, draft.key, _reasons(draft), _particulars(item, draft, draft), draft.answer)
    return OpenDraft(
        revision=draft.revision,
        state=draft.state,
        edited_by=draft.edited_by,
        edited_at=draft.edited_at,
        submitted_by=draft.submitted_by,
        submitted_at=draft.submitted_at,
        written=written,
    )


def _released(item: Item, version: ItemVersion, key: AnswerKey) -> Written:
    particulars = _particulars(item, version, item) | {"provenance": key.provenance}
    return Written(version.content, key.key, _reasons(key), particulars)


def _reasons(row: ItemDraft | AnswerKey) -> dict[str, Any]:
    return {"rationale": row.rationale, "sources": row.sources, "temptations": row.temptations}


def _particulars(item: Item, row: ItemDraft | ItemVersion, used: ItemDraft | Item) -> dict[str, Any]:
    """`use` and `tags` are no part of a version: the item has them, or a draft that would change them."""
    return {
        "bank": item.bank,
        "identifier": item.identifier,
        "use": used.use.value,
        "skill": row.skill,
        "difficulty": row.difficulty.value,
        "tags": used.tags,
        "provenance": row.provenance if isinstance(row, ItemDraft) else None,
        "attribution": row.attribution,
    }
