"""Renewals: which certificates of a person can be renewed by sitting the test anew, and from when on."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.eligibility import Renewal
from assessments.models.attempts import Attempt
from certificates.domain.standing import CertificateState
from certificates.domain.validity import renewal_opening
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate

_BARRED = frozenset((CertificateState.SUSPENDED, CertificateState.REVOKED))


@dataclass(frozen=True, slots=True)
class RenewableCertificate:
    """A certificate that can be renewed, now or later; `slug` is that of its test."""

    certificate_id: str
    slug: str
    renewal: Renewal


def list_renewals(session: Session, *, person_id: UUID, slug: str | None = None) -> list[RenewableCertificate]:
    """At most one certificate an achievement: the newest whose attempt is a pass to this day.

    A certificate that was suspended or revoked opens no renewal. One whose pass a regrade took is passed over, as the
    attempt counts as failed: then the one that it had superseded says when the test may be sat.
    """
    found = (
        select(Achievement.slug, Certificate.id, Certificate.state, Certificate.issued_at, Certificate.valid_until)
        .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
        .join(Certificate, Certificate.achievement_version_id == AchievementVersion.id)
        .join(Attempt, Attempt.id == Certificate.attempt_id)
        .where(
            Certificate.person_id == person_id,
            Certificate.state != CertificateState.ERASED,
            Attempt.has_passed.is_(True),
        )
        .order_by(Certificate.issued_at)
    )
    if slug is not None:
        found = found.where(Achievement.slug == slug)
    newest = {row.slug: row for row in session.execute(found)}
    return [
        RenewableCertificate(
            row.id, row.slug, Renewal(renewal_opening(row.issued_at, row.valid_until), row.valid_until)
        )
        for row in newest.values()
        if row.state not in _BARRED
    ]
