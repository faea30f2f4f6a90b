"""Certificates that end soon: announced thirty days before, unless their end moved or they do not hold."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.events import CertificateExpiring
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from lms.events import announce
from lms.outbox.operations import post

EXPIRING_TOPIC = "certificate.expiring"
NOTICE = timedelta(days=30)


def watch_expiry(session: Session, *, certificate_id: str, valid_until: datetime, at: datetime) -> None:
    """Have a certificate looked at thirty days before this end; whoever moves an end asks for it again."""
    payload = {"certificate_id": certificate_id, "valid_until": valid_until.isoformat()}
    post(session, topic=EXPIRING_TOPIC, payload=payload, at=at, due_at=max(at, valid_until - NOTICE))


def announce_expiry(session: Session, *, certificate_id: str, valid_until: datetime, at: datetime) -> None:
    """Announce that a certificate ends soon; nothing when it has another end by now, does not hold, or is over."""
    found = session.execute(
        select(Certificate.person_id, Achievement.slug)
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(
            Certificate.id == certificate_id,
            Certificate.state == CertificateState.VALID,
            Certificate.valid_until == valid_until,
            Certificate.valid_until > at,
        )
    ).one_or_none()
    if found is not None:
        person_id, slug = found
        announce(session, CertificateExpiring(certificate_id, person_id, slug, valid_until, at))
