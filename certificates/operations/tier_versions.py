"""Versions of what a tier asks for: each change makes another one, with its reason and a time of grace."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.domain.requirements import (
    HoldsAchievement,
    Requirement,
    Source,
    as_json,
    in_public_catalogue,
    leaves_of,
)
from certificates.models.achievements import Achievement
from certificates.models.tiers import Tier, TierVersion
from lms.audit.operations import record
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.errors import Invalid, NotFound
from lms.outbox.operations import post

FOLLOW_TIER_TOPIC = "tier.follow"  # of the messages that look at everybody whom a change of a tier may concern


def add_tier_version(
    session: Session,
    *,
    tier_id: UUID,
    requirement: Requirement,
    reason: str,
    grace_until: datetime | None,
    created_by: UUID | None,
    at: datetime,
) -> int | None:
    """Make this what a tier of the session's organisation asks for; the version's number, or None for no change.

    Whoever met the version before by certificates issued until now keeps the tier until the grace ends. The first
    version needs none. Raises NotFound for a tier of another organisation, Invalid for a reason that says nothing, a
    grace that is over, or an achievement that nobody can hold.
    """
    tier = _hold(session, tier_id)
    asked = in_public_catalogue(requirement) if tier.organisation_id == PUBLIC_ORGANISATION_ID else requirement
    _check(session, tier, asked, reason, grace_until, at)
    current = session.scalars(
        select(TierVersion).where(TierVersion.tier_id == tier_id, TierVersion.is_current)
    ).one_or_none()
    if current is not None and current.requirement == as_json(asked) and not tier.is_announced:
        return None
    last = session.scalar(select(func.max(TierVersion.number)).where(TierVersion.tier_id == tier_id)) or 0
    session.execute(update(TierVersion).where(TierVersion.tier_id == tier_id).values(is_current=False))
    tier.is_announced = False
    session.add(
        TierVersion(
            organisation_id=tier.organisation_id,
            tier_id=tier_id,
            number=last + 1,
            is_current=True,
            requirement=as_json(asked),
            reason=reason.strip(),
            grace_until=grace_until if last else None,
            created_by=created_by,
            created_at=at,
        )
    )
    session.flush()
    _tell(session, tier, last + 1, reason.strip(), created_by, at)
    return last + 1


def look_at_everybody(session: Session, *, tier_id: UUID, at: datetime) -> None:
    """Have the worker look anew at everybody whom a change of this tier may concern."""
    post(session, topic=FOLLOW_TIER_TOPIC, payload={"tier_id": str(tier_id), "after": None}, at=at)


def _hold(session: Session, tier_id: UUID) -> Tier:
    """The tier, locked: of two who change it at once, the second sees the first one's version."""
    tier = session.scalars(select(Tier).where(Tier.id == tier_id).with_for_update()).one_or_none()
    if tier is None:
        raise NotFound(_("There is no such tier."))
    return tier


def _check(
    session: Session, tier: Tier, requirement: Requirement, reason: str, grace_until: datetime | None, at: datetime
) -> None:
    if not reason.strip():
        raise Invalid(_("Say why the requirements change; those who lose the tier read it."))
    if grace_until is not None and grace_until <= at:
        raise Invalid(_("The time of grace must end later than now."))
    for leaf in leaves_of(requirement):
        if isinstance(leaf, HoldsAchievement) and not _exists(session, leaf):
            raise Invalid(
                _(
                    "tier %(tier)s requires %(achievement)s, which certifies nothing; load its track first",
                    tier=tier.slug,
                    achievement=leaf.slug,
                )
            )


def _exists(session: Session, leaf: HoldsAchievement) -> bool:
    of = PUBLIC_ORGANISATION_ID if leaf.organisation == Source.PUBLIC else organisation_of(session)
    wanted = select(Achievement.id).where(Achievement.organisation_id == of, Achievement.slug == leaf.slug)
    return session.execute(wanted, execution_options=READS_PUBLIC).first() is not None


def _tell(session: Session, tier: Tier, number: int, reason: str, created_by: UUID | None, at: datetime) -> None:
    record(
        session,
        action="tier.version",
        actor=created_by or "catalogue",
        subject_id=tier.id,
        at=at,
        tier=tier.slug,
        number=number,
        reason=reason,
    )
    look_at_everybody(session, tier_id=tier.id, at=at)
