"""The tables of tiers and of the immutable versions of what they ask for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey

_CURRENT = text("is_current")


class Tier(OwnedByOrganisation, Published, Base):
    """A paid level of work. An announced one has no track that leads to it yet, and has no version.

    A withdrawn one is open to nobody and shown nowhere; what was decided about it stays.
    """

    __tablename__ = "tier"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("pay_low > 0", name="pay_is_positive"),
        CheckConstraint("pay_low <= pay_high", name="pay_low_first"),
        CheckConstraint("length(currency) = 3", name="currency_is_code"),
        CheckConstraint("rank >= 1", name="rank_from_one"),
    )

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    domain: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[Any]] = mapped_column(default=list)  # in which the work is done, BCP 47; empty: it is open
    pay_low: Mapped[int]  # whole units of the currency
    pay_high: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))  # ISO 4217
    per: Mapped[str] = mapped_column(String(20))
    is_announced: Mapped[bool]
    rank: Mapped[int]  # the order of the catalogue; 1 is the first
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # or brought it back; None: the files
    withdrawn_at: Mapped[datetime | None]


class TierVersion(OwnedByOrganisation, Published, Base):
    """What a tier asks for from `created_at` on; nothing of it changes but which one is current."""

    __tablename__ = "tier_version"
    __table_args__ = (
        UniqueConstraint("tier_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("length(reason) > 0", name="reason_says_something"),
        CheckConstraint("grace_until IS NULL OR number > 1", name="grace_after_a_change"),
        CheckConstraint("grace_until IS NULL OR grace_until > created_at", name="grace_lies_ahead"),
        Index("uq_tier_version_current", "tier_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
    )

    id: Mapped[UuidKey]
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"))
    number: Mapped[int]
    is_current: Mapped[bool]
    requirement: Mapped[dict[str, Any]]  # see certificates.domain.requirements
    reason: Mapped[str] = mapped_column(Text)  # why it was changed; those who lose the tier read it
    grace_until: Mapped[datetime | None]  # until then, who met the version before keeps the tier
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # None: the catalogue's files
    created_at: Mapped[datetime]
