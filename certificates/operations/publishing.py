"""Publishing: achievements become immutable versions, tiers become what the catalogue says they are."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.tiers import Tier, TierRequirement
from lms.db.scope import organisation_of
from lms.errors import Invalid


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
    """A tier to publish; `requires` are slugs of achievements, and empty exactly when it is only announced."""

    slug: str
    title: str
    domain: str
    summary: str
    pay_low: int
    pay_high: int
    currency: str
    per: str
    requires: tuple[str, ...]


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


def publish_tiers(session: Session, *, drafts: Sequence[TierDraft]) -> int:
    """Make these the tiers, in this order; returns how many others were withdrawn.

    Raises Invalid when a tier requires an achievement that is not published.
    """
    known = {tier.slug: tier for tier in session.scalars(select(Tier))}
    achievements = {achievement.slug: achievement.id for achievement in session.scalars(select(Achievement))}
    session.execute(delete(TierRequirement))
    for rank, draft in enumerate(drafts, start=1):
        tier = known.get(draft.slug) or Tier(slug=draft.slug, organisation_id=organisation_of(session))
        _fill(tier, draft, rank)
        session.add(tier)
        session.flush()
        _require(session, tier, draft, achievements)
    withdrawn = set(known) - {draft.slug for draft in drafts}
    session.execute(delete(Tier).where(Tier.slug.in_(withdrawn)))
    return len(withdrawn)


def _fill(tier: Tier, draft: TierDraft, rank: int) -> None:
    tier.title, tier.domain, tier.summary = draft.title, draft.domain, draft.summary
    tier.pay_low, tier.pay_high, tier.currency, tier.per = draft.pay_low, draft.pay_high, draft.currency, draft.per
    tier.is_announced, tier.rank = not draft.requires, rank


def _require(session: Session, tier: Tier, draft: TierDraft, achievements: dict[str, UUID]) -> None:
    for rank, slug in enumerate(draft.requires, start=1):
        if slug not in achievements:
            raise Invalid(f"tier {draft.slug} requires {slug}, which certifies nothing; load its track first")
        session.add(
            TierRequirement(
                organisation_id=tier.organisation_id, tier_id=tier.id, achievement_id=achievements[slug], rank=rank
            )
        )
    session.flush()
