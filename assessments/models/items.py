"""Tables of items: the item, its immutable versions, and their answer keys apart from them."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Json, OwnedByOrganisation, UuidKey, choice_of


class ItemUse(StrEnum):
    """What an item is for; a practice item never enters a live form."""

    PRACTICE = "practice"
    TEST = "test"


class ItemState(StrEnum):
    """draft -> pilot -> live -> retired; pilot items are answered in tests but not scored. What is being edited
    or reviewed meanwhile stands in the item's draft."""

    DRAFT = "draft"
    PILOT = "pilot"
    LIVE = "live"
    RETIRED = "retired"


class Difficulty(StrEnum):
    """The author's guess, until responses say more."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


def _one_current(table: str, column: str) -> Index:
    """At most one row of a family is the current one."""
    condition = text("is_current")
    return Index(f"uq_{table}_current", column, unique=True, sqlite_where=condition, postgresql_where=condition)


class Item(OwnedByOrganisation, Base):
    """One task of a bank; what it says stands in its versions.

    `type`, `skill`, `difficulty`, `stem`, `tags` and `search_text` repeat its newest draft or version, to find it by.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("organisation_id", "identifier"),
        CheckConstraint("retired_by IS NULL OR state = 'retired'", name="retired_by_only_if_retired"),
        Index("ix_item_bank_use", "organisation_id", "bank", "use"),
        Index("ix_item_changed", "organisation_id", "changed_at", "id"),
        Index("ix_item_bank_changed", "organisation_id", "bank", "changed_at", "id"),
    )

    id: Mapped[UuidKey]
    bank: Mapped[str] = mapped_column(String(60))  # the track that the item belongs to
    identifier: Mapped[str] = mapped_column(String(60))
    use: Mapped[ItemUse] = mapped_column(choice_of(ItemUse, "use_is_known"))
    state: Mapped[ItemState] = mapped_column(choice_of(ItemState, "state_is_known"))
    type: Mapped[str] = mapped_column(String(40))
    skill: Mapped[str] = mapped_column(String(60))
    difficulty: Mapped[Difficulty] = mapped_column(choice_of(Difficulty, "difficulty_is_known"))
    stem: Mapped[str] = mapped_column(String(300))  # the beginning of what the item asks, to show in lists
    tags: Mapped[list[Any]]
    search_text: Mapped[str] = mapped_column(Text)  # in lower case: identifier, tags and the whole stem
    changed_at: Mapped[datetime]
    retired_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: not in the files any more


class ItemVersion(OwnedByOrganisation, Base):
    """What a candidate sees. Rows never change but for which one is current."""

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        UniqueConstraint("item_id", "content_hash"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("approved_by IS NULL OR approved_by != created_by", name="approved_by_another"),
        CheckConstraint("length(content_hash) = 64", name="hash_is_sha256"),
        _one_current("item_version", "item_id"),
    )

    id: Mapped[UuidKey]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    skill: Mapped[str] = mapped_column(String(60))
    difficulty: Mapped[Difficulty] = mapped_column(choice_of(Difficulty, "difficulty_is_known"))
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    attribution: Mapped[dict[str, Any] | None] = mapped_column(Json)  # of others' data: source, licence, address
    is_current: Mapped[bool]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: loaded from files
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class AnswerKey(OwnedByOrganisation, Base):
    """What a version is scored against, with its reasons. Kept apart so that no page loads it by accident."""

    __tablename__ = "answer_key"
    __table_args__ = (
        UniqueConstraint("item_version_id", "number"),
        UniqueConstraint("item_version_id", "content_hash"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("agreement BETWEEN 0 AND 1", name="agreement_is_fraction"),
        CheckConstraint("approved_by IS NULL OR approved_by != created_by", name="approved_by_another"),
        _one_current("answer_key", "item_version_id"),
    )

    id: Mapped[UuidKey]
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("item_version.id"))
    number: Mapped[int]
    key: Mapped[dict[str, Any]]
    rationale: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[Any]]
    temptations: Mapped[dict[str, Any]]
    provenance: Mapped[dict[str, Any] | None] = mapped_column(Json)  # who gave the key, how many, by which clause
    agreement: Mapped[Fraction | None]  # of those who gave it, 0 to 1; none where it was not recorded
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: loaded from files
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool]
    created_at: Mapped[datetime]
