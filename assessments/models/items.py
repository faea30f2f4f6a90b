"""Tables of items: the item, its immutable versions, and their answer keys apart from them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of


class ItemUse(StrEnum):
    """What an item is for; a practice item never enters a live form."""

    PRACTICE = "practice"
    TEST = "test"


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
    """One task of a bank; what it says stands in its versions."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("organisation_id", "identifier"),
        Index("ix_item_bank_use", "organisation_id", "bank", "use"),
    )

    id: Mapped[UuidKey]
    bank: Mapped[str] = mapped_column(String(60))  # the track that the item belongs to
    identifier: Mapped[str] = mapped_column(String(60))
    use: Mapped[ItemUse] = mapped_column(choice_of(ItemUse, "use_is_known"))
    is_retired: Mapped[bool] = mapped_column(default=False)


class ItemVersion(OwnedByOrganisation, Base):
    """What a candidate sees. Rows never change but for which one is current."""

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        UniqueConstraint("item_id", "content_hash"),
        CheckConstraint("number >= 1", name="number_from_one"),
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
    is_current: Mapped[bool]
    created_at: Mapped[datetime]


class AnswerKey(OwnedByOrganisation, Base):
    """What a version is scored against, with its reasons. Kept apart so that no page loads it by accident."""

    __tablename__ = "answer_key"
    __table_args__ = (
        UniqueConstraint("item_version_id", "number"),
        UniqueConstraint("item_version_id", "content_hash"),
        CheckConstraint("number >= 1", name="number_from_one"),
        _one_current("answer_key", "item_version_id"),
    )

    id: Mapped[UuidKey]
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("item_version.id"))
    number: Mapped[int]
    key: Mapped[dict[str, Any]]
    rationale: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[Any]]
    temptations: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool]
    created_at: Mapped[datetime]
