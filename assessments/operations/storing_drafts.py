"""Storing imported items as drafts of the person who imported them: for others to review before they are live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.models.authoring import DraftState, ItemDraft
from assessments.models.items import AnswerKey, Item, ItemState, ItemVersion
from assessments.operations.publishing import Draft, describe_item, stem_of
from assessments.operations.stem_bands import keep_bands
from lms.db.scope import organisation_of


@dataclass(frozen=True, slots=True)
class _Known:
    """An item of the bank as it stands: its open draft, and what its current version says."""

    item: Item
    draft: ItemDraft | None
    current: tuple[ItemVersion, AnswerKey] | None


def store_drafts(session: Session, *, bank: str, drafts: Sequence[Draft], person_id: UUID, at: datetime) -> int:
    """Store what is new or changed as open drafts of this person; return how many that were.

    What a draft says already, or without one the current version, stays as it is. Items that somebody else is
    editing, or that are in review, must not be among them.
    """
    known = _known_items(session, bank, [draft.identifier for draft in drafts])
    changed = [draft for draft in drafts if not _says_so(known.get(draft.identifier), draft)]
    for draft in changed:
        found = known.get(draft.identifier)
        item = found.item if found else _new_item(session, bank, draft, at)
        describe_item(item, draft, at)
        keep_bands(session, item.id, stem_of(draft.type, draft.content))
        _write(session, item, found.draft if found else None, draft, person_id, at)
    session.flush()
    return len(changed)


def _known_items(session: Session, bank: str, identifiers: Sequence[str]) -> dict[str, _Known]:
    items = session.scalars(select(Item).where(Item.bank == bank, Item.identifier.in_(identifiers))).all()
    ids = [item.id for item in items]
    drafts = {draft.item_id: draft for draft in session.scalars(select(ItemDraft).where(ItemDraft.item_id.in_(ids)))}
    current = {
        version.item_id: (version, key)
        for version, key in session.execute(
            select(ItemVersion, AnswerKey)
            .join(AnswerKey, AnswerKey.item_version_id == ItemVersion.id)
            .where(ItemVersion.item_id.in_(ids), ItemVersion.is_current, AnswerKey.is_current)
        )
    }
    return {item.identifier: _Known(item, drafts.get(item.id), current.get(item.id)) for item in items}


def _says_so(known: _Known | None, draft: Draft) -> bool:
    """Whether the item says all of this already."""
    if known is None or known.item.type != draft.type or known.item.use is not draft.use:
        return False
    if known.draft is not None:
        return all(getattr(known.draft, name) == value for name, value in _fields(draft).items())
    if known.current is None:
        return False
    version, key = known.current
    said = {"use": draft.use, "tags": known.item.tags}
    for row, names in ((version, _OF_VERSION), (key, _OF_KEY)):
        said |= {name: getattr(row, name) for name in names}
    return said == _fields(draft)


_OF_VERSION = ("skill", "difficulty", "content", "attribution")
_OF_KEY = ("key", "rationale", "sources", "temptations", "provenance")


def _fields(draft: Draft) -> dict[str, Any]:
    """What a draft says, by the columns that hold it; the type stands on the item."""
    names = ("use", *_OF_VERSION, *_OF_KEY, "tags")
    return {name: getattr(draft, name) for name in names}


def _new_item(session: Session, bank: str, draft: Draft, at: datetime) -> Item:
    item = Item(organisation_id=organisation_of(session), bank=bank, identifier=draft.identifier, state=ItemState.DRAFT)
    describe_item(item, draft, at)
    session.add(item)
    session.flush()
    return item


def _write(
    session: Session, item: Item, open_draft: ItemDraft | None, draft: Draft, person_id: UUID, at: datetime
) -> None:
    if open_draft is None:
        open_draft = ItemDraft(
            organisation_id=organisation_of(session), item_id=item.id, state=DraftState.DRAFT, revision=0
        )
        session.add(open_draft)
    for name, value in _fields(draft).items():
        setattr(open_draft, name, value)
    open_draft.revision += 1
    open_draft.edited_by, open_draft.edited_at = person_id, at
