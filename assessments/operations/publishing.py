"""Publishing items: what a draft says becomes an immutable version and key, by the hash of what it says."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.scores import exact
from assessments.models.items import AnswerKey, Difficulty, Item, ItemState, ItemUse, ItemVersion
from assessments.operations.stem_bands import keep_bands
from lms.db.scope import organisation_of

SHOWN = 300  # characters of a stem that lists show


@dataclass(frozen=True, slots=True)
class Draft:
    """An item to publish: plain JSON values, checked before."""

    identifier: str
    use: ItemUse
    type: str
    skill: str
    difficulty: Difficulty
    content: dict[str, Any]
    key: dict[str, Any]
    rationale: str
    sources: list[dict[str, Any]]
    temptations: dict[str, str]
    tags: list[str] = field(default_factory=list)
    provenance: dict[str, Any] | None = None
    attribution: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did."""

    items: int
    new_versions: int
    new_keys: int
    retired: int


def hash_of(value: object) -> str:
    """The SHA-256 of a JSON value in one canonical spelling (sorted keys, no spaces)."""
    spelled = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelled.encode()).hexdigest()


def publish_items(
    session: Session, *, bank: str, drafts: Iterable[Draft], at: datetime, is_whole_bank: bool = True
) -> Published:
    """Make each draft the current version of its live item.

    Where the drafts are the whole bank, its items that are not named are retired, but for those that were written
    in the browser. What authors made of an item there since is left alone, until its draft says something new;
    an item that they retired stays so.
    """
    named = {draft.identifier: draft for draft in drafts}
    meant = [Item.bank == bank] if is_whole_bank else [Item.bank == bank, Item.identifier.in_(named)]
    known = {item.identifier: item for item in session.scalars(select(Item).where(*meant))}
    stored = _Stored(session, meant)
    versions = keys = 0
    for draft in named.values():
        item = known.get(draft.identifier) or _new_item(session, bank, draft, at)
        if item.retired_by is not None or stored.was_edited_since(item.id, draft):
            continue
        _describe_published(session, item, draft, at)
        item.state = ItemState.LIVE
        version_id, is_new = _current_version(session, stored.versions[item.id], item.id, draft, at)
        versions += is_new
        keys += _current_key(session, stored.keys[version_id], version_id, draft, at)
    absent = [item for identifier, item in known.items() if identifier not in named] if is_whole_bank else []
    retired = [item for item in absent if item.state is not ItemState.RETIRED and stored.is_from_files(item.id)]
    for item in retired:
        item.state = ItemState.RETIRED
    session.flush()
    return Published(len(named), versions, keys, len(retired))


class _Stored:
    """All versions of some items by item, and their keys by version, read in two statements."""

    def __init__(self, session: Session, meant: list[ColumnElement[bool]]) -> None:
        self.versions: dict[UUID, list[ItemVersion]] = defaultdict(list)
        self.keys: dict[UUID, list[AnswerKey]] = defaultdict(list)
        of_bank = select(ItemVersion).join(Item, Item.id == ItemVersion.item_id).where(*meant)
        for version in session.scalars(of_bank):
            self.versions[version.item_id].append(version)
        of_versions = (
            select(AnswerKey)
            .join(ItemVersion, ItemVersion.id == AnswerKey.item_version_id)
            .join(Item, Item.id == ItemVersion.item_id)
            .where(*meant)
        )
        for key in session.scalars(of_versions):
            self.keys[key.item_version_id].append(key)

    def is_from_files(self, item_id: UUID) -> bool:
        """Whether all there is of an item was loaded."""
        versions = self.versions[item_id]
        return bool(versions) and all(version.created_by is None for version in versions)

    def was_edited_since(self, item_id: UUID, draft: Draft) -> bool:
        """Whether the current version or key was made in the browser, after one that says what the draft says."""
        current = next((version for version in self.versions[item_id] if version.is_current), None)
        if current is None:
            return False
        said = next((v for v in self.versions[item_id] if v.content_hash == hash_of(_content_said(draft))), None)
        if said is None or hash_of(_key_said(draft)) not in {key.content_hash for key in self.keys[said.id]}:
            return False
        key = next((key for key in self.keys[current.id] if key.is_current), None)
        return current.created_by is not None or (key is not None and key.created_by is not None)


def _new_item(session: Session, bank: str, draft: Draft, at: datetime) -> Item:
    item = Item(organisation_id=organisation_of(session), bank=bank, identifier=draft.identifier, state=ItemState.DRAFT)
    describe_item(item, draft, at)
    session.add(item)
    session.flush()
    keep_bands(session, item.id, stem_of(draft.type, draft.content))
    return item


def _describe_published(session: Session, item: Item, draft: Draft, at: datetime) -> None:
    item.use = draft.use
    if describe_item(item, draft, at):
        keep_bands(session, item.id, stem_of(draft.type, draft.content))


def describe_item(item: Item, draft: Draft, at: datetime) -> bool:
    """Repeat on the item what it is found by; untouched, and False, where it says so already.

    What the item is for changes only by publishing, once there is something published.
    """
    stem = stem_of(draft.type, draft.content)
    said = {
        "type": draft.type,
        "skill": draft.skill,
        "difficulty": draft.difficulty,
        "stem": shorten(stem),
        "tags": list(draft.tags),
        "search_text": searchable(draft.identifier, draft.tags, stem),
    }
    if item.state is ItemState.DRAFT:
        said["use"] = draft.use
    if all(getattr(item, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(item, name, value)
    item.changed_at = at
    return True


def searchable(identifier: str, tags: Iterable[str], stem: str) -> str:
    """What a search looks through."""
    return " ".join((identifier, *tags, stem)).lower()


def stem_of(type_name: str, content: dict[str, Any]) -> str:
    """The stem of raw content; while the content is unfinished, the texts that stand in it so far."""
    try:
        return item_type(type_name).content.model_validate(content).stem
    except ValidationError:
        return "\n\n".join(value for value in content.values() if isinstance(value, str) and value.strip())


def shorten(stem: str) -> str:
    """The beginning of a stem in one line, to show in lists."""
    line = " ".join(stem.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def publish_version(
    session: Session,
    item: Item,
    draft: Draft,
    *,
    at: datetime,
    created_by: UUID | None = None,
    approved_by: UUID | None = None,
) -> UUID:
    """Make what the draft says the current version and key of one item; return the version's id."""
    versions = list(session.scalars(select(ItemVersion).where(ItemVersion.item_id == item.id)))
    version_id, _is_new = _current_version(session, versions, item.id, draft, at, created_by, approved_by)
    keys = list(session.scalars(select(AnswerKey).where(AnswerKey.item_version_id == version_id)))
    _current_key(session, keys, version_id, draft, at, created_by, approved_by)
    _describe_published(session, item, draft, at)
    return version_id


def _content_said(draft: Draft) -> dict[str, Any]:
    """What a version says: equal words make an equal version."""
    said = {"type": draft.type, "skill": draft.skill, "difficulty": draft.difficulty, "content": draft.content}
    return said | ({"attribution": draft.attribution} if draft.attribution else {})


def _key_said(draft: Draft) -> dict[str, Any]:
    """What a key says, its reasons and provenance included."""
    said: dict[str, Any] = {
        "key": draft.key,
        "rationale": draft.rationale,
        "sources": draft.sources,
        "temptations": draft.temptations,
    }
    return said | ({"provenance": draft.provenance} if draft.provenance else {})


def _current_version(
    session: Session,
    versions: list[ItemVersion],
    item_id: UUID,
    draft: Draft,
    at: datetime,
    created_by: UUID | None = None,
    approved_by: UUID | None = None,
) -> tuple[UUID, bool]:
    said = _content_said(draft)
    content_hash = hash_of(said)
    same = next((version for version in versions if version.content_hash == content_hash), None)
    if same is not None and same.is_current:
        return same.id, False
    for version in versions:
        version.is_current = False
    session.flush()  # of two current versions the database would refuse one
    if same is not None:
        same.is_current = True
        session.flush()
        return same.id, False
    new = ItemVersion(
        organisation_id=organisation_of(session),
        item_id=item_id,
        number=len(versions) + 1,
        content_hash=content_hash,
        is_current=True,
        created_at=at,
        created_by=created_by,
        approved_by=approved_by,
        **said,
    )
    session.add(new)
    session.flush()
    return new.id, True


def _current_key(
    session: Session,
    keys: list[AnswerKey],
    version_id: UUID,
    draft: Draft,
    at: datetime,
    created_by: UUID | None = None,
    approved_by: UUID | None = None,
) -> bool:
    said = _key_said(draft)
    content_hash = hash_of(said)
    same = next((key for key in keys if key.content_hash == content_hash), None)
    if same is not None and same.is_current:
        return False
    for key in keys:
        key.is_current = False
    session.flush()
    if same is not None:
        same.is_current = True
        session.flush()
        return False
    session.add(
        AnswerKey(
            organisation_id=organisation_of(session),
            item_version_id=version_id,
            number=len(keys) + 1,
            agreement=_agreement(draft),
            created_by=created_by,
            approved_by=approved_by,
            content_hash=content_hash,
            is_current=True,
            created_at=at,
            **said,
        )
    )
    session.flush()
    return True


def _agreement(draft: Draft) -> Fraction | None:
    agreement = (draft.provenance or {}).get("agreement")
    return None if agreement is None else exact(agreement)
