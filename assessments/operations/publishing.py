"""Publishing: items and tests become immutable versions, by the hash of what they say."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assessments.models.items import AnswerKey, Difficulty, Item, ItemUse, ItemVersion
from assessments.models.tests import Test, TestVersion
from lms.db.scope import organisation_of


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


def publish_items(session: Session, *, bank: str, drafts: Iterable[Draft], at: datetime) -> Published:
    """Make each draft the current version of its item; items of the bank that are not named are retired."""
    known = {item.identifier: item for item in session.scalars(select(Item).where(Item.bank == bank))}
    named = {draft.identifier: draft for draft in drafts}
    stored = _Stored(session, bank)
    versions = keys = 0
    for draft in named.values():
        item = known.get(draft.identifier) or _new_item(session, bank, draft)
        item.use, item.is_retired = draft.use, False
        version_id, is_new = _current_version(session, stored.versions[item.id], item.id, draft, at)
        versions += is_new
        keys += _current_key(session, stored.keys[version_id], version_id, draft, at)
    retired = [item for identifier, item in known.items() if identifier not in named and not item.is_retired]
    for item in retired:
        item.is_retired = True
    session.flush()
    return Published(len(named), versions, keys, len(retired))


class _Stored:
    """All versions of a bank by item, and their keys by version, read in two statements."""

    def __init__(self, session: Session, bank: str) -> None:
        self.versions: dict[UUID, list[ItemVersion]] = defaultdict(list)
        self.keys: dict[UUID, list[AnswerKey]] = defaultdict(list)
        of_bank = select(ItemVersion).join(Item, Item.id == ItemVersion.item_id).where(Item.bank == bank)
        for version in session.scalars(of_bank):
            self.versions[version.item_id].append(version)
        of_versions = (
            select(AnswerKey)
            .join(ItemVersion, ItemVersion.id == AnswerKey.item_version_id)
            .join(Item, Item.id == ItemVersion.item_id)
            .where(Item.bank == bank)
        )
        for key in session.scalars(of_versions):
            self.keys[key.item_version_id].append(key)


def _new_item(session: Session, bank: str, draft: Draft) -> Item:
    item = Item(organisation_id=organisation_of(session), bank=bank, identifier=draft.identifier, use=draft.use)
    session.add(item)
    session.flush()
    return item


def _current_version(
    session: Session, versions: list[ItemVersion], item_id: UUID, draft: Draft, at: datetime
) -> tuple[UUID, bool]:
    said = {"type": draft.type, "skill": draft.skill, "difficulty": draft.difficulty, "content": draft.content}
    content_hash = hash_of(said)
    same = next((version for version in versions if version.content_hash == content_hash), None)
    if same is not None and same.is_current:
        return same.id, False
    session.execute(update(ItemVersion).where(ItemVersion.item_id == item_id).values(is_current=False))
    if same is not None:
        same.is_current = True
        session.flush()
        return same.id, False
    version = ItemVersion(
        organisation_id=organisation_of(session),
        item_id=item_id,
        number=len(versions) + 1,
        content_hash=content_hash,
        is_current=True,
        created_at=at,
        **said,
    )
    session.add(version)
    session.flush()
    return version.id, True


def _current_key(session: Session, keys: list[AnswerKey], version_id: UUID, draft: Draft, at: datetime) -> bool:
    said = {
        "key": draft.key,
        "rationale": draft.rationale,
        "sources": draft.sources,
        "temptations": draft.temptations,
    }
    content_hash = hash_of(said)
    same = next((key for key in keys if key.content_hash == content_hash), None)
    if same is not None and same.is_current:
        return False
    session.execute(update(AnswerKey).where(AnswerKey.item_version_id == version_id).values(is_current=False))
    if same is not None:
        same.is_current = True
        session.flush()
        return False
    session.add(
        AnswerKey(
            organisation_id=organisation_of(session),
            item_version_id=version_id,
            number=len(keys) + 1,
            content_hash=content_hash,
            is_current=True,
            created_at=at,
            **said,
        )
    )
    session.flush()
    return True


def publish_test(
    session: Session,
    *,
    slug: str,
    title: str,
    summary: str,
    limit: timedelta,
    cut_score: Fraction,
    document: dict[str, Any],
    at: datetime,
) -> bool:
    """Make these the current terms of a test; False when they are already."""
    seconds = int(limit.total_seconds())
    content_hash = hash_of([title, summary, seconds, str(cut_score), document])
    test = session.scalars(select(Test).where(Test.slug == slug)).one_or_none()
    if test is None:
        test = Test(organisation_id=organisation_of(session), slug=slug)
        session.add(test)
        session.flush()
    same = session.scalars(
        select(TestVersion).where(TestVersion.test_id == test.id, TestVersion.content_hash == content_hash)
    ).one_or_none()
    if same is not None and same.is_current:
        return False
    session.execute(update(TestVersion).where(TestVersion.test_id == test.id).values(is_current=False))
    if same is not None:
        same.is_current = True
        return False
    count = session.scalar(select(func.count()).select_from(TestVersion).where(TestVersion.test_id == test.id))
    session.add(
        TestVersion(
            organisation_id=organisation_of(session),
            test_id=test.id,
            number=(count or 0) + 1,
            title=title,
            summary=summary,
            limit_seconds=seconds,
            cut_score=cut_score,
            document=document,
            content_hash=content_hash,
            is_current=True,
            created_at=at,
        )
    )
    session.flush()
    return True
