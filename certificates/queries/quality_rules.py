"""What tiers expect of the work in them: the floors, the bound of volume, and what good work earns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from certificates.domain.extension import ExtensionRule
from certificates.domain.outcomes import MOST_A_DAY
from certificates.domain.quality_watch import can_be_tested
from certificates.domain.requirement_json import parse_requirement
from certificates.domain.requirements import HoldsAchievement, Source, WorkQuality, leaves_of
from certificates.domain.work_quality import UNITS, points_of
from certificates.models.tiers import Tier, TierVersion
from certificates.models.work_quality import QualityRule
from certificates.queries.tiers import PUBLIC_PREFIX
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class Floor:
    """What the work in a tier must not fall below; without a skill it is that of every skill."""

    tier_id: UUID
    skill: str | None
    at_least: Fraction

    def concerns(self, skill: str) -> bool:
        return self.skill is None or self.skill == skill


@dataclass(frozen=True, slots=True)
class WorkedTier:
    """A tier for which outcomes are posted: its id and the outcomes of one person that are taken on one day."""

    id: UUID
    most_a_day: int


@dataclass(frozen=True, slots=True)
class Reward:
    """What good work in a tier earns: these achievements of the organisation hold longer."""

    tier_id: UUID
    tier: str
    title: str
    skill: str | None
    rule: ExtensionRule
    achievements: frozenset[str]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A tier with its rule, for managers; `rule` is None while none was set."""

    slug: str
    title: str
    is_announced: bool
    rule: QualityRule | None


def worked_tiers(session: Session, names: Collection[str]) -> Mapping[str, WorkedTier]:
    """Those of the tiers that the session's organisation has, or the public catalogue (`public/…`), by name."""
    own = organisation_of(session)
    rows = session.execute(
        select(Tier.organisation_id, Tier.slug, Tier.id, QualityRule.most_a_day)
        .outerjoin(QualityRule, and_(QualityRule.tier_id == Tier.id, QualityRule.organisation_id == own))
        .where(Tier.slug.in_({name.removeprefix(PUBLIC_PREFIX) for name in names}), Tier.withdrawn_at.is_(None)),
        execution_options=READS_PUBLIC,
    )
    found = {
        slug if owner == own else f"{PUBLIC_PREFIX}{slug}": WorkedTier(tier_id, most or MOST_A_DAY)
        for owner, slug, tier_id, most in rows
    }
    return {name: tier for name, tier in found.items() if name in names}


def get_tier(session: Session, tier_id: UUID) -> Tier:
    """A tier of the session's organisation or of the public catalogue."""
    return session.get_one(Tier, tier_id, execution_options=READS_PUBLIC)


def floors_of(session: Session, tier_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Floor]]:
    """The floors of these tiers, by tier: that of its rule, or else the work quality that its requirement names."""
    rows = session.execute(
        select(Tier.id, QualityRule.skill, QualityRule.floor, TierVersion.requirement)
        .outerjoin(QualityRule, QualityRule.tier_id == Tier.id)
        .outerjoin(TierVersion, and_(TierVersion.tier_id == Tier.id, TierVersion.is_current))
        .where(Tier.id.in_(tier_ids))
    )
    found = {
        tier_id: [Floor(tier_id, skill, floor)] if floor is not None else _required(tier_id, requirement)
        for tier_id, skill, floor, requirement in rows
    }
    return {tier_id: floors for tier_id, floors in found.items() if floors}


def _required(tier_id: UUID, requirement: Mapping[str, Any] | None) -> list[Floor]:
    """Of several floors for one skill the highest; those that no test can watch are left out."""
    named: dict[str | None, Fraction] = {}
    for leaf in leaves_of(parse_requirement(requirement)) if requirement else ():
        if isinstance(leaf, WorkQuality) and can_be_tested(leaf.at_least):
            named[leaf.skill] = max(named.get(leaf.skill, Fraction(0)), Fraction(points_of(leaf.at_least), UNITS))
    return [Floor(tier_id, skill, at_least) for skill, at_least in named.items()]


def list_rewards(session: Session) -> list[Reward]:
    """The tiers whose good work extends certificates, in the order of the catalogue."""
    rows = session.execute(
        select(Tier, QualityRule, TierVersion.requirement)
        .join(QualityRule, QualityRule.tier_id == Tier.id)
        .join(TierVersion, and_(TierVersion.tier_id == Tier.id, TierVersion.is_current))
        .where(QualityRule.extension_tasks.is_not(None), Tier.withdrawn_at.is_(None))
        .order_by(Tier.rank)
    )
    is_public = organisation_of(session) == PUBLIC_ORGANISATION_ID
    return [
        Reward(
            tier_id=tier.id,
            tier=tier.slug,
            title=tier.title,
            skill=rule.skill,
            rule=ExtensionRule(rule.extension_tasks or 0, rule.floor or Fraction(1)),
            achievements=_own_achievements(requirement, is_public=is_public),
        )
        for tier, rule, requirement in rows
    ]


def _own_achievements(requirement: Mapping[str, Any], *, is_public: bool) -> frozenset[str]:
    """Those that the organisation itself certifies: nobody extends what another one issued."""
    own = {Source.OWN, Source.PUBLIC} if is_public else {Source.OWN}
    leaves = leaves_of(parse_requirement(requirement))
    return frozenset(leaf.slug for leaf in leaves if isinstance(leaf, HoldsAchievement) and leaf.organisation in own)


def list_rules(session: Session) -> list[RuleLine]:
    """Every tier of the organisation, in the order of the catalogue."""
    rows = session.execute(_lines().order_by(Tier.rank, Tier.slug))
    return [RuleLine(tier.slug, tier.title, tier.is_announced, rule) for tier, rule in rows]


def get_rule(session: Session, slug: str) -> tuple[Tier, QualityRule | None]:
    """A tier and its rule. Raises NotFound."""
    found = session.execute(_lines().where(Tier.slug == slug)).one_or_none()
    if found is None:
        raise NotFound("There is no such tier.")
    return found[0], found[1]


def _lines() -> Select[Tier, QualityRule]:
    shown = select(Tier, QualityRule).outerjoin(QualityRule, QualityRule.tier_id == Tier.id)
    return shown.where(Tier.withdrawn_at.is_(None))
