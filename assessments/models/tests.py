"""Tables of tests: the test and its immutable versions (blueprint, limit, cut score, retake policy)."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey


class Test(OwnedByOrganisation, Published, Base):
    """A qualification test; it draws on the bank of the same slug."""

    __tablename__ = "test"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))


class TestDraft(OwnedByOrganisation, Base):
    """What an author is working on: the terms of a test as raw JSON, for they may be unfinished."""

    __tablename__ = "test_draft"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
        CheckConstraint("(submitted_by IS NULL) = (submitted_at IS NULL)", name="submitted_at_iff_submitter"),
    )

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))
    terms: Mapped[dict[str, Any]]
    revision: Mapped[int]  # counts the saves; a save on top of an older one is refused
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: not in review
    submitted_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(Text)  # why a reviewer gave it back


class TestVersion(OwnedByOrganisation, Published, Base):
    """The terms of a test. An attempt keeps those it was started under."""

    __tablename__ = "test_version"
    __table_args__ = (
        UniqueConstraint("test_id", "number"),
        UniqueConstraint("test_id", "content_hash"),
        CheckConstraint("cut_score > 0 AND cut_score <= 1", name="cut_score_is_fraction"),
        CheckConstraint("limit_seconds > 0", name="limit_is_positive"),
        CheckConstraint("approved_by IS NULL OR approved_by != created_by", name="approved_by_another"),
        Index(
            "uq_test_version_current",
            "test_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[UuidKey]
    test_id: Mapped[UUID] = mapped_column(ForeignKey("test.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    limit_seconds: Mapped[int]
    cut_score: Mapped[Fraction]
    document: Mapped[dict[str, Any]]  # sections, skills, retake policy, basis of limit and cut score
    content_hash: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: loaded from files
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
