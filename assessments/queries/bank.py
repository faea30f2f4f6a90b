"""The item bank as authors look through it: searched, filtered, and read page by page from the newest change."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, func, select, tuple_
from sqlalchemy.orm import Session

from assessments.models.authoring import DraftState, ItemDraft
from assessments.models.items import Difficulty, Item, ItemState

PAGE = 50
MOST_WORDS = 6  # of a search; further ones are not looked at
IN_REVIEW, DRAFTED = "in-review", "drafted"  # states of drafts, beside those of items


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page of the bank is to show; an empty value asks for nothing. `state` may also be one of a draft."""

    words: str = ""
    bank: str = ""
    type: str = ""
    state: str = ""
    skill: str = ""
    tag: str = ""
    difficulty: str = ""

    @property
    def is_everything(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Place:
    """The last item of a page, from which the next one goes on."""

    changed_at: datetime
    item_id: UUID


@dataclass(frozen=True, slots=True)
class BankLine:
    """One item in the list; `draft` and `revision` are the state and the saves of its open draft, where it has one."""

    id: UUID
    identifier: str
    bank: str
    type: str
    skill: str
    difficulty: Difficulty
    state: ItemState
    draft: DraftState | None
    revision: int | None
    stem: str
    tags: list[str]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class BankPage:
    """A page of at most fifty items, and where the next one begins; None on the last."""

    lines: tuple[BankLine, ...]
    next: Place | None


def list_items(session: Session, wanted: Wanted, after: Place | None = None) -> BankPage:
    """The items that are wanted, by their last change, the newest first, in one statement."""
    rows = session.execute(page_of_items(wanted, after)).all()
    lines = tuple(BankLine(*row) for row in rows[:PAGE])
    return BankPage(lines, Place(lines[-1].changed_at, lines[-1].id) if len(rows) > PAGE else None)


def page_of_items(wanted: Wanted, after: Place | None) -> Select[*tuple[Any, ...]]:
    """The statement of a page, and of one row more, which tells whether there is another page."""
    found: Select[*tuple[Any, ...]] = (
        select(
            Item.id,
            Item.identifier,
            Item.bank,
            Item.type,
            Item.skill,
            Item.difficulty,
            Item.state,
            ItemDraft.state,
            ItemDraft.revision,
            Item.stem,
            Item.tags,
            Item.changed_at,
        )
        .outerjoin(ItemDraft, ItemDraft.item_id == Item.id)
        .order_by(Item.changed_at.desc(), Item.id.desc())
        .limit(PAGE + 1)
    )
    found = _restrict(found, wanted)
    if after is not None:
        found = found.where(tuple_(Item.changed_at, Item.id) < tuple_(after.changed_at, after.item_id))
    return found


def list_skills(session: Session, bank: str) -> list[str]:
    """The skills of a bank's items."""
    found = select(Item.skill).where(Item.bank == bank, Item.skill != "").distinct().order_by(Item.skill)
    return list(session.scalars(found))


def count_in_review(session: Session) -> int:
    """How many items wait for somebody's decision."""
    waiting = select(func.count()).select_from(ItemDraft).where(ItemDraft.state == DraftState.IN_REVIEW)
    return session.scalars(waiting).one()


def _restrict(found: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    for word in wanted.words.lower().split()[:MOST_WORDS]:
        found = found.where(Item.search_text.contains(word, autoescape=True))
    for column, value in ((Item.bank, wanted.bank), (Item.type, wanted.type), (Item.skill, wanted.skill)):
        if value:
            found = found.where(column == value)
    if wanted.difficulty:
        found = found.where(Item.difficulty.in_([d for d in Difficulty if d == wanted.difficulty]))
    if wanted.tag:
        found = found.where(cast(Item.tags, String).contains(f'"{wanted.tag}"', autoescape=True))
    return _in_state(found, wanted.state)


def _in_state(found: Select[*tuple[Any, ...]], state: str) -> Select[*tuple[Any, ...]]:
    if state in (IN_REVIEW, DRAFTED):
        of_draft = DraftState.IN_REVIEW if state == IN_REVIEW else DraftState.DRAFT
        return found.where(ItemDraft.state == of_draft)
    return found.where(Item.state.in_([one for one in ItemState if one == state])) if state else found


def place_from(text: str) -> Place | None:
    """The place that an address names, `<instant>~<id>`; None for anything else."""
    match = re.fullmatch(r"([0-9T:.+\- ]{10,40})~([0-9a-f]{32})", text, re.ASCII)
    if match is None:
        return None
    try:
        instant = datetime.fromisoformat(match[1])
    except ValueError:
        return None
    return Place(instant, UUID(match[2])) if instant.tzinfo else None


def place_in_address(place: Place) -> str:
    """A place as `place_from` reads it."""
    return f"{place.changed_at.isoformat()}~{place.item_id.hex}"
