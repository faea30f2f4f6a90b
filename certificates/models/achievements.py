"""The tables of achievements and their immutable versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey


class Achievement(OwnedByOrganisation, Published, Base):
    """What a certificate certifies; `slug` is the track's folder and the slug of its test."""

    __tablename__ = "achievement"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))


class AchievementVersion(OwnedByOrganisation, Published, Base):
    """What an achievement says; a certificate keeps the version that it was issued under."""

    __tablename__ = "achievement_version"
    __table_args__ = (
        UniqueConstraint("achievement_id", "number"),
        UniqueConstraint("achievement_id", "content_hash"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("validity_months >= 1", name="validity_is_positive"),
        Index(
            "uq_achievement_version_current",
            "achievement_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[UuidKey]
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievement.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str] = mapped_column(Text)
    validity_months: Mapped[int]
    is_current: Mapped[bool]
    created_at: Mapped[datetime]
