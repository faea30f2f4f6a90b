"""Publishing: achievements become immutable versions, tiers become what the catalogue says they are."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.domain.requirements import (
    AllOf,
    HoldsAchievement,
    Requirement,
    Source,
    as_json,
    in_public_catalogue,
)
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.tiers import Tier, TierVersion
from certificates.operations.tier_versions import add_tier_version
from certificates.operations.tier_withdrawals import reinstate_tier, was_withdrawn_by_people, withdraw_tier
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import organisation_of

GONE = "The catalogue does not offer this tier any more."
COME_BACK = "The catalogue offers this tier again."


@dataclass(frozen=True, slots=True)
class AchievementDraft:
    """An achievement to publish."""

    slug: str
    name: str
    description: str
    criteria: str
    validity_months: int

    @property
    def content_hash(self) -> str:
        said = [self.name, self.description, self.criteria, self.validity_months]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TierDraft:
    """A tier to publish. It asks for `requirement`, else for the achievements of its own organisation in `requires`.

    Without either it is only announced. `reason` and `grace_days` are for those who lose it by a change.
    """

    slug: str
    title: str
    domain: str
    summary: str
    pay_low: int
    pay_high: int
    currency: str
    per: str
    requires: tuple[str, ...] = ()
    requirement: Requirement | None = None
    languages: tuple[str, ...] = ()
    reason: str = "The catalogue asks for something else."
    grace_days: int = 30

    @property
    def asks_for(self) -> Requirement | None:
        if self.requirement is not None or not self.requires:
            return self.requirement
        parts = tuple(HoldsAchievement(Source.OWN, slug) for slug in self.requires)
        return parts[0] if len(parts) == 1 else AllOf(parts)


def publish_achievement(session: Session, *, draft: AchievementDraft, at: datetime) -> int | None:
    """Make the draft what a pass certifies from now on; its version's number, or None when nothing changed."""
    achievement = session.scalars(select(Achievement).where(Achievement.slug == draft.slug)).one_or_none()
    if achievement is None:
        achievement = Achievement(slug=draft.slug, organisation_id=organisation_of(session))
        session.add(achievement)
        session.flush()
    of_achievement = AchievementVersion.achievement_id == achievement.id
    same = session.scalars(
        select(AchievementVersion).where(of_achievement, AchievementVersion.content_hash == draft.content_hash)
    ).one_or_none()
    if same is not None and same.is_current:
        return None
    session.execute(update(AchievementVersion).where(of_achievement).values(is_current=False))
    if same is not None:
        same.is_current = True
        session.flush()
        return same.number
    last = session.scalar(select(func.max(AchievementVersion.number)).where(of_achievement))
    return _add_version(session, achievement.id, draft, (last or 0) + 1, at)


def _add_version(session: Session, achievement_id: UUID, draft: AchievementDraft, number: int, at: datetime) -> int:
    session.add(
        AchievementVersion(
            organisation_id=organisation_of(session),
            achievement_id=achievement_id,
            number=number,
            content_hash=draft.content_hash,
            name=draft.name,
            description=draft.description,
            criteria=draft.criteria,
            validity_months=draft.validity_months,
            is_current=True,
            created_at=at,
        )
    )
    session.flush()
    return number


def publish_tiers(session: Session, *, drafts: Sequence[TierDraft], at: datetime) -> int:
    """Make these the tiers that come from files, in this order; returns how many others of these were withdrawn.

    What people made in the browser stays: their tiers, their versions until a file asks for something new, and that
    they withdrew one.
    Raises Invalid when a tier requires an achievement that is not published.
    """
    known = {tier.slug: tier for tier in session.scalars(select(Tier))}
    for rank, draft in enumerate(drafts, start=1):
        tier = known.get(draft.slug) or Tier(slug=draft.slug, organisation_id=organisation_of(session))
        _fill(tier, draft, rank)
        session.add(tier)
        session.flush()
        _ask(session, tier, draft, at)
        if tier.withdrawn_at is not None and not was_withdrawn_by_people(session, tier):
            reinstate_tier(session, tier_id=tier.id, reason=COME_BACK, actor_id=None, at=at)
    published = {draft.slug for draft in drafts}
    gone = [tier for slug, tier in known.items() if slug not in published and _is_from_files(tier)]
    for tier in gone:
        withdraw_tier(session, tier_id=tier.id, reason=GONE, actor_id=None, at=at)
    session.flush()
    return len(gone)


def _is_from_files(tier: Tier) -> bool:
    return tier.made_by is None and tier.withdrawn_at is None


def _fill(tier: Tier, draft: TierDraft, rank: int) -> None:
    tier.title, tier.domain, tier.summary = draft.title, draft.domain, draft.summary
    tier.pay_low, tier.pay_high, tier.currency, tier.per = draft.pay_low, draft.pay_high, draft.currency, draft.per
    tier.languages, tier.rank = list(draft.languages), rank
    if tier.is_announced is None or draft.asks_for is None:
        tier.is_announced = True  # until it has a version


def _ask(session: Session, tier: Tier, draft: TierDraft, at: datetime) -> None:
    """Make another version when the file asks for something that it did not ask for before."""
    requirement = draft.asks_for
    if requirement is None or (not tier.is_announced and _asked_before(session, tier) == _as_kept(tier, requirement)):
        return
    add_tier_version(
        session,
        tier_id=tier.id,
        requirement=requirement,
        reason=draft.reason,
        grace_until=at + timedelta(days=draft.grace_days) if draft.grace_days else None,
        created_by=None,
        at=at,
    )


def _asked_before(session: Session, tier: Tier) -> dict[str, Any] | None:
    """What the files asked for last."""
    return session.scalars(
        select(TierVersion.requirement)
        .where(TierVersion.tier_id == tier.id, TierVersion.created_by.is_(None))
        .order_by(TierVersion.number.desc())
    ).first()


def _as_kept(tier: Tier, requirement: Requirement) -> dict[str, Any]:
    is_public = tier.organisation_id == PUBLIC_ORGANISATION_ID
    return as_json(in_public_catalogue(requirement) if is_public else requirement)
