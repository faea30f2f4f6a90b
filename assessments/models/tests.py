"""Tables of tests: the test and its immutable versions (blueprint, limit, cut score, retake policy)."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class Test(OwnedByOrganisation, Base):
    """A qualification test; it draws on the bank of the same slug."""

    __tablename__ = "test"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))


class TestVersion(OwnedByOrganisation, Base):
    """The terms of a test. An attempt keeps those it was started under."""

    __tablename__ = "test_version"
    __table_args__ = (
        UniqueConstraint("test_id", "number"),
        UniqueConstraint("test_id", "content_hash"),
        CheckConstraint("cut_score > 0 AND cut_score <= 1", name="cut_score_is_fraction"),
        CheckConstraint("limit_seconds > 0", name="limit_is_positive"),
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
