"""The tables of tiers and of the achievements that they require."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey


class Tier(OwnedByOrganisation, Published, Base):
    """A paid level of work. An announced one has no track that leads to it yet, and requires nothing."""

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
    pay_low: Mapped[int]  # whole units of the currency
    pay_high: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))  # ISO 4217
    per: Mapped[str] = mapped_column(String(20))
    is_announced: Mapped[bool]
    rank: Mapped[int]  # the order of the catalogue; 1 is the first


class TierRequirement(OwnedByOrganisation, Published, Base):
    """A tier requires an achievement."""

    __tablename__ = "tier_requirement"
    __table_args__ = (CheckConstraint("rank >= 1", name="rank_from_one"),)

    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"), primary_key=True)
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievement.id"), primary_key=True, index=True)
    rank: Mapped[int]  # the order in which they are shown
