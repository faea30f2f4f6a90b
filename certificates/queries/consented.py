"""Certificates that an organisation may see: its own and the public catalogue's, of people who agreed to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from lms.db.keyset import beyond
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.members.consents import ConsentScope, consenting


@dataclass(frozen=True, slots=True)
class ConsentedCertificate:
    """What an organisation may see of a certificate; the name of its holder is no part of it."""

    id: str
    person_id: UUID
    is_public: bool  # of the public catalogue, and not of the organisation's own
    slug: str
    achievement: str
    issued_at: datetime
    valid_until: datetime
    state: CertificateState
    state_reason: str | None
    score: Fraction
    cut_score: Fraction
    skills: Sequence[dict[str, Any]]


def page_consented(
    session: Session,
    *,
    after: tuple[datetime, str] | None,
    limit: int,
    person_id: UUID | None = None,
    slug: str | None = None,
) -> list[ConsentedCertificate]:
    """The certificates that were issued last come first."""
    wanted = _consented(session).order_by(Certificate.issued_at.desc(), Certificate.id.desc()).limit(limit)
    if person_id is not None:
        wanted = wanted.where(Certificate.person_id == person_id)
    if slug is not None:
        wanted = wanted.where(Achievement.slug == slug)
    if after is not None:
        wanted = wanted.where(beyond([Certificate.issued_at, Certificate.id], after, descending=True))
    own = organisation_of(session)
    return [_told(row, own) for row in session.execute(wanted, execution_options=READS_PUBLIC)]


def find_consented(session: Session, certificate_id: str) -> ConsentedCertificate | None:
    """None also for a certificate of somebody who did not agree to its being seen."""
    wanted = _consented(session).where(Certificate.id == certificate_id)
    row = session.execute(wanted, execution_options=READS_PUBLIC).one_or_none()
    return _told(row, organisation_of(session)) if row is not None else None


def _consented(session: Session) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Certificate.id,
            Certificate.person_id,
            Certificate.organisation_id,
            Achievement.slug,
            AchievementVersion.name,
            Certificate.issued_at,
            Certificate.valid_until,
            Certificate.state,
            Certificate.state_reason,
            Certificate.score,
            Certificate.cut_score,
            Certificate.skills,
        )
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(
            Certificate.state != CertificateState.ERASED,
            Certificate.person_id.in_(consenting(session, scope=ConsentScope.CERTIFICATES)),
        )
    )


def _told(row: Any, own: UUID) -> ConsentedCertificate:
    certificate_id, person_id, organisation_id, *rest = row
    return ConsentedCertificate(certificate_id, person_id, organisation_id != own, *rest)
