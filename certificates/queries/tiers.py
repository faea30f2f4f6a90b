"""Tiers with what they require, and whether the achievements that somebody holds open them."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from certificates.domain.tiers import TierVerdict, decide_tier
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.tiers import Tier, TierRequirement
from lms.organisations.editions import kept


@dataclass(frozen=True, slots=True)
class Requirement:
    """An achievement that a tier requires; `slug` is also that of its course and its test."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class TierView:
    """A tier as everybody may read it. Pay is in whole units of `currency`, before tax."""

    slug: str
    title: str
    domain: str
    summary: str
    pay_low: int
    pay_high: int
    currency: str
    per: str
    is_announced: bool
    requires: tuple[Requirement, ...]

    def verdict(self, held: frozenset[str]) -> TierVerdict[str]:
        """Whether somebody who holds these achievements has the tier."""
        return decide_tier([requirement.slug for requirement in self.requires], held)


def list_tiers(session: Session) -> tuple[TierView, ...]:
    """Every tier in the order of the catalogue. One statement, or none."""
    return kept(session, "tiers", lambda: _load_tiers(session))


def _load_tiers(session: Session) -> tuple[TierView, ...]:
    rows = session.execute(
        select(Tier, Achievement.slug, AchievementVersion.name)
        .outerjoin(TierRequirement, TierRequirement.tier_id == Tier.id)
        .outerjoin(Achievement, Achievement.id == TierRequirement.achievement_id)
        .outerjoin(
            AchievementVersion,
            and_(AchievementVersion.achievement_id == Achievement.id, AchievementVersion.is_current),
        )
        .order_by(Tier.rank, TierRequirement.rank)
    )
    tiers: dict[Tier, list[Requirement]] = defaultdict(list)
    for tier, slug, name in rows:
        requirements = tiers[tier]
        if name is not None:
            requirements.append(Requirement(slug, name))
    return tuple(_view(tier, tuple(requirements)) for tier, requirements in tiers.items())


def _view(tier: Tier, requires: tuple[Requirement, ...]) -> TierView:
    return TierView(
        slug=tier.slug,
        title=tier.title,
        domain=tier.domain,
        summary=tier.summary,
        pay_low=tier.pay_low,
        pay_high=tier.pay_high,
        currency=tier.currency,
        per=tier.per,
        is_announced=tier.is_announced,
        requires=requires,
    )
