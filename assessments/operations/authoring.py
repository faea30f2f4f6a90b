"""Writing items in the browser: begun, saved as drafts while unfinished, retired and brought back."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from unicodedata import normalize
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.written_items import Written
from assessments.models.authoring import DraftState, ItemDraft
from assessments.models.items import Item, ItemState
from assessments.operations.checking_items import Storable
from assessments.operations.publishing import Draft, describe_item, stem_of
from assessments.operations.stem_bands import keep_bands
from assessments.queries.stored_items import StoredItem, get_stored_item
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid

LONGEST_IDENTIFIER = 60
WORDS_OF_IDENTIFIER = 6
_WORD = re.compile(r"[a-z0-9]+")


def create_item(session: Session, *, type: str, written: Written, person_id: UUID, at: datetime) -> UUID:
    """Begin an item with its first draft and return its id. An empty identifier is made from what the item asks.

    Raises Invalid for an unknown type, particulars that cannot be kept, or an identifier that is taken.
    """
    if type not in ITEM_TYPES:
        raise Invalid(f"There is no such item type; the types are {', '.join(ITEM_TYPES)}.")
    if not written.particulars.get("identifier"):
        named = suggest_identifier(session, type=type, stem=stem_of(type, dict(written.content)))
        written = replace(written, particulars={**written.particulars, "identifier": named})
    kept = _storable(written)
    item_id = session.execute(
        insert_into(session, Item)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            bank=kept.bank,
            identifier=kept.identifier,
            use=kept.use,
            state=ItemState.DRAFT,
            type=type,
            skill=kept.skill,
            difficulty=kept.difficulty,
            stem="",
            tags=[],
            search_text="",
            changed_at=at,
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "identifier"])
        .returning(Item.id)
    ).scalar_one_or_none()
    if item_id is None:
        raise Invalid(f"The identifier {kept.identifier} is taken by another item; choose another one.")
    save_draft(session, item_id=item_id, written=written, revision=0, person_id=person_id, at=at)
    record(session, action="item.begun", actor=person_id, subject_id=item_id, at=at, type=type, bank=kept.bank)
    return item_id


def save_draft(
    session: Session, *, item_id: UUID, written: Written, revision: int, person_id: UUID, at: datetime
) -> int:
    """Keep what is written, finished or not, and return the draft's new revision; 0 begins a draft.

    Bank and identifier stay what they are once the item is published. Raises NotFound; Conflict when somebody
    saved in the meantime, or while the draft is in review; Invalid for particulars that cannot be kept.
    """
    stored = get_stored_item(session, item_id)
    fixed = {"bank": stored.bank, "identifier": stored.identifier}
    if stored.is_published:
        written = replace(written, particulars={**written.particulars, **fixed})
    elif not written.particulars.get("identifier"):
        written = replace(written, particulars={**written.particulars, "identifier": stored.identifier})
    kept = _storable(written)
    values = _columns(written, kept) | {"edited_by": person_id, "edited_at": at}
    if revision == 0:
        saved = _begin_draft(session, item_id, values)
    else:
        saved = session.execute(
            update(ItemDraft)
            .where(ItemDraft.item_id == item_id, ItemDraft.revision == revision, ItemDraft.state == DraftState.DRAFT)
            .values(revision=revision + 1, **values)
            .returning(ItemDraft.item_id)
        ).scalar_one_or_none()
    if saved is None:
        raise Conflict("Somebody saved this item in the meantime, or it is in review. What you typed is still here.")
    _describe(session, stored, written, kept, at)
    return revision + 1


def discard_draft(session: Session, *, item_id: UUID, person_id: UUID, at: datetime) -> None:
    """Throw the open draft of a published item away; its current version is what there is again.

    Raises NotFound; Conflict without a draft, in review, or for an item that has nothing but its draft.
    """
    stored = get_stored_item(session, item_id)
    if stored.current is None:
        raise Conflict("This item has nothing but its draft. Retire it if it is not wanted.")
    removed = session.execute(
        delete(ItemDraft)
        .where(ItemDraft.item_id == item_id, ItemDraft.state == DraftState.DRAFT)
        .returning(ItemDraft.item_id)
    ).scalar_one_or_none()
    if removed is None:
        raise Conflict("There is no open draft to throw away; perhaps it is in review.")
    _describe(session, stored, stored.current, _storable(stored.current), at)
    record(session, action="item.draft_discarded", actor=person_id, subject_id=item_id, at=at)


def retire_item(session: Session, *, item_id: UUID, reason: str, person_id: UUID, at: datetime) -> None:
    """Take an item out of use; attempts that have it keep it. Raises Invalid without a reason, NotFound, Conflict."""
    if not reason.strip():
        raise Invalid("Say why the item is retired; it is kept in the record.")
    get_stored_item(session, item_id)
    retired = session.execute(
        update(Item)
        .where(Item.id == item_id, Item.state != ItemState.RETIRED)
        .values(state=ItemState.RETIRED, retired_by=person_id, changed_at=at)
        .returning(Item.id)
    ).scalar_one_or_none()
    if retired is None:
        raise Conflict("This item is retired already.")
    record(session, action="item.retired", actor=person_id, subject_id=item_id, at=at, reason=reason.strip())


def bring_back_item(session: Session, *, item_id: UUID, person_id: UUID, at: datetime) -> None:
    """Begin to bring a retired item back: it gets a draft of what it said last, for a second person to decide on.

    One that was never published is an open draft again. Raises NotFound, Conflict when it is not retired.
    """
    stored = get_stored_item(session, item_id)
    if stored.state is not ItemState.RETIRED:
        raise Conflict("This item is not retired.")
    if stored.current is None:
        reopened = update(Item).where(Item.id == item_id)
        session.execute(reopened.values(state=ItemState.DRAFT, retired_by=None, changed_at=at))
    elif stored.draft is None:
        save_draft(session, item_id=item_id, written=stored.current, revision=0, person_id=person_id, at=at)
    record(session, action="item.brought_back", actor=person_id, subject_id=item_id, at=at)


def suggest_identifier(session: Session, *, type: str, stem: str) -> str:
    """An identifier that no item has: the first words of the stem, or the type, numbered where that is taken."""
    plain = normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    words = "-".join(_WORD.findall(plain)[:WORDS_OF_IDENTIFIER])[: LONGEST_IDENTIFIER - 5].strip("-")
    base = words or type
    taken = set(session.scalars(select(Item.identifier).where(Item.identifier.startswith(base, autoescape=True))))
    number = 2
    named = base
    while named in taken:
        named, number = f"{base}-{number}", number + 1
    return named


def _storable(written: Written) -> Storable:
    fields = {name: written.particulars[name] for name in Storable.model_fields if name in written.particulars}
    try:
        return Storable.model_validate(fields)
    except ValidationError as error:
        names = dict.fromkeys(str(fault["loc"][0]) for fault in error.errors())
        raise Invalid(f"Nothing is saved yet: mend these particulars first: {', '.join(names)}.") from error


def _columns(written: Written, kept: Storable) -> dict[str, Any]:
    reasons, particulars = written.reasons, written.particulars
    return {
        "use": kept.use,
        "skill": kept.skill,
        "difficulty": kept.difficulty,
        "content": dict(written.content),
        "key": dict(written.key),
        "answer": None if written.answer is None else dict(written.answer),
        "rationale": str(reasons.get("rationale") or ""),
        "sources": reasons.get("sources") or [],
        "temptations": reasons.get("temptations") or {},
        "tags": list(kept.tags),
        "provenance": particulars.get("provenance"),
        "attribution": particulars.get("attribution"),
    }


def _begin_draft(session: Session, item_id: UUID, values: dict[str, Any]) -> UUID | None:
    return session.execute(
        insert_into(session, ItemDraft)
        .values(item_id=item_id, organisation_id=organisation_of(session), state=DraftState.DRAFT, revision=1, **values)
        .on_conflict_do_nothing(index_elements=["item_id"])
        .returning(ItemDraft.item_id)
    ).scalar_one_or_none()


def _describe(session: Session, stored: StoredItem, written: Written, kept: Storable, at: datetime) -> None:
    item = session.scalars(select(Item).where(Item.id == stored.id)).one()
    _name(session, item, kept)
    described = Draft(
        identifier=kept.identifier,
        use=kept.use,
        type=item.type,
        skill=kept.skill,
        difficulty=kept.difficulty,
        content=dict(written.content),
        key={},
        rationale="",
        sources=[],
        temptations={},
        tags=list(kept.tags),
    )
    describe_item(item, described, at)
    item.changed_at = at
    session.flush()
    keep_bands(session, item.id, stem_of(item.type, described.content))


def _name(session: Session, item: Item, kept: Storable) -> None:
    if (item.bank, item.identifier) == (kept.bank, kept.identifier):
        return
    try:
        with session.begin_nested():
            item.bank, item.identifier = kept.bank, kept.identifier
            session.flush()
    except IntegrityError as error:
        raise Invalid(f"The identifier {kept.identifier} is taken by another item; choose another one.") from error
