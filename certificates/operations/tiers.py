"""Tiers of an organisation: made and changed by its managers, and asking for something else from a version on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.domain.requirements import Requirement
from certificates.models.tiers import Tier, TierVersion
from certificates.operations.tier_notices import News, Notice, ask_to_tell
from certificates.operations.tier_versions import add_tier_version
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, NotFound

MOST_GRACE_DAYS = 730


@dataclass(frozen=True, slots=True)
class TierTerms:
    """What a tier is, apart from what it asks for. Pay is in whole units of `currency` (ISO 4217), before tax."""

    title: str
    domain: str
    summary: str
    languages: tuple[str, ...]
    pay_low: int
    pay_high: int
    currency: str
    per: str


def make_tier(session: Session, *, slug: str, terms: TierTerms, actor_id: UUID, at: datetime) -> UUID:
    """A tier that is announced until it asks for something. Raises Conflict when the slug is taken."""
    last = select(func.coalesce(func.max(Tier.rank), 0) + 1).scalar_subquery()
    tier_id = session.execute(
        insert_into(session, Tier)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            slug=slug,
            is_announced=True,
            made_by=actor_id,
            rank=last,
            **_columns(terms),
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "slug"])
        .returning(Tier.id)
    ).scalar_one_or_none()
    if tier_id is None:
        raise Conflict("There is a tier with this short name already.")
    record(session, action="tier.made", actor=actor_id, subject_id=tier_id, at=at, tier=slug)
    return tier_id


def change_tier(session: Session, *, tier_id: UUID, terms: TierTerms, actor_id: UUID, at: datetime) -> None:
    """Change what a tier says; what it asks for stays. Raises NotFound."""
    is_offered = (Tier.id == tier_id, Tier.withdrawn_at.is_(None))
    slug = session.scalar(update(Tier).where(*is_offered).values(**_columns(terms)).returning(Tier.slug))
    if slug is None:
        raise NotFound("There is no such tier.")
    record(
        session,
        action="tier.changed",
        actor=actor_id,
        subject_id=tier_id,
        at=at,
        tier=slug,
        pay=f"{terms.currency} {terms.pay_low} to {terms.pay_high} per {terms.per}",
    )


def publish_tier_version(
    session: Session,
    *,
    tier_id: UUID,
    requirement: Requirement,
    based_on: int,
    reason: str,
    grace_days: int,
    actor_id: UUID,
    at: datetime,
) -> int:
    """Let a tier ask for this from now on; the number of the version. Those who lose it are told by mail.

    `based_on` is the number of the version that was looked at, 0 for none: raises Conflict when somebody was faster,
    or when nothing changes; otherwise raises what `add_tier_version` raises.
    """
    tier = session.scalar(select(Tier).where(Tier.id == tier_id).with_for_update())  # one after the other
    if tier is not None and tier.withdrawn_at is not None:
        raise Conflict("Somebody else has withdrawn this tier in the meantime.")
    current = session.scalar(select(TierVersion.number).where(TierVersion.tier_id == tier_id, TierVersion.is_current))
    if (current or 0) != based_on:
        raise Conflict("Somebody else has changed this tier in the meantime. Look at what it asks for now.")
    grace_until = at + timedelta(days=grace_days) if grace_days else None
    number = add_tier_version(
        session,
        tier_id=tier_id,
        requirement=requirement,
        reason=reason,
        grace_until=grace_until,
        created_by=actor_id,
        at=at,
    )
    if number is None:
        raise Conflict("The tier asks for exactly this already.")
    if number > 1:
        ask_to_tell(session, notice=Notice(tier_id, News.CHANGED, number=number), at=at)
    return number


def _columns(terms: TierTerms) -> dict[str, Any]:
    return {
        "title": terms.title,
        "domain": terms.domain,
        "summary": terms.summary,
        "languages": list(terms.languages),
        "pay_low": terms.pay_low,
        "pay_high": terms.pay_high,
        "currency": terms.currency,
        "per": terms.per,
    }
