"""Telling those who lose a tier because it asks for something else: why, and until when they keep it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from certificates.domain.requirement_json import parse_requirement
from certificates.models.tiers import Tier, TierVersion
from certificates.queries.tier_changes import find_turned
from lms.accounts.models import Person, PersonState
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.mail.operations import send_mail

NOTICED = "tier.noticed"
_AT_ONCE = 500  # addresses that are read with one statement


def tell_losers(session: Session, *, tier_id: UUID, number: int, base_url: str, at: datetime) -> int:
    """Send each of them a mail, once; how many these are. Told again, it does nothing: the act is in the audit."""
    before = aliased(TierVersion)
    row = session.execute(
        select(Tier, TierVersion, before.requirement)
        .join(TierVersion, TierVersion.tier_id == Tier.id)
        .join(before, (before.tier_id == Tier.id) & (before.number == TierVersion.number - 1))
        .where(Tier.id == tier_id, TierVersion.number == number)
        .with_for_update(of=TierVersion)
    ).one_or_none()
    if row is None or _was_told(session, row[1].id):
        return 0
    tier, version, earlier = row
    turned = find_turned(
        session,
        tier_id=tier.id,
        present=parse_requirement(earlier),
        wanted=parse_requirement(version.requirement),
        at=version.created_at,
    )
    losers = [one.person_id for one in turned if not one.is_gain]
    for start in range(0, len(losers), _AT_ONCE):
        _write(session, losers[start : start + _AT_ONCE], tier, version, base_url, at)
    record(session, action=NOTICED, actor="worker", subject_id=version.id, at=at, tier=tier.slug, told=len(losers))
    return len(losers)


def _was_told(session: Session, version_id: UUID) -> bool:
    told = select(AuditEvent.id).where(AuditEvent.action == NOTICED, AuditEvent.subject_id == version_id)
    return session.scalars(told).first() is not None


def _write(session: Session, people: list[UUID], tier: Tier, version: TierVersion, base_url: str, at: datetime) -> None:
    rows = session.execute(
        select(Person.name, Person.email).where(Person.id.in_(people), Person.state == PersonState.ACTIVE)
    )
    for name, email in rows:
        assert email is not None  # of an active account
        send_mail(
            session,
            to_name=name,
            to=email,
            subject=f"What “{tier.title}” asks for has changed",
            body=_letter(name, tier, version, base_url),
            at=at,
        )


def _letter(name: str, tier: Tier, version: TierVersion, base_url: str) -> str:
    if version.grace_until is not None:
        keeps = (
            f"You keep the tier until {version.grace_until:%d %B %Y, %H:%M} UTC, so that you have time to get there."
        )
    else:
        keeps = "The tier is closed to you from now on."
    return (
        f"Dear {name},\n\n"
        f"the tier “{tier.title}” asks for something else now, and what you hold does not cover it.\n\n"
        f"The reason that was given:\n{version.reason}\n\n"
        f"{keeps} What it asks for, and what you are missing, stands here:\n"
        f"{base_url}/tiers/#tier-{tier.slug}\n"
    )
