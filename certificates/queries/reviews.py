"""Certificates under review: those that wait for a decision, and what was decided lately."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from assessments.models.regrades import RegradeChange
from certificates.models.achievements import AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.reviews import CertificateReview, ReviewState
from lms.errors import NotFound

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A certificate that is or was under review. It names nobody: its score decides, not its holder."""

    id: UUID
    certificate_id: str
    achievement: str
    regrade_id: UUID
    state: ReviewState
    reason: str
    old_score: Fraction
    new_score: Fraction
    cut_score: Fraction
    opened_by: UUID
    opened_at: datetime
    decided_by: UUID | None
    decision_reason: str | None
    closed_at: datetime | None


def list_reviews(session: Session) -> list[ReviewLine]:
    """The open ones first, then what was decided, the newest first."""
    is_open = case((CertificateReview.state == ReviewState.OPEN, 0), else_=1)
    rows: Any = session.execute(_lines().order_by(is_open, CertificateReview.opened_at.desc()).limit(MOST_LISTED))
    return [ReviewLine(*row) for row in rows]


def get_review(session: Session, review_id: UUID) -> ReviewLine:
    """Raises NotFound."""
    row: Any = session.execute(_lines().where(CertificateReview.id == review_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such review.")
    return ReviewLine(*row)


def is_under_review(session: Session, certificate_id: str) -> bool:
    """Whether somebody is still to decide on a certificate; only its holder and managers are told."""
    found = select(CertificateReview.id).where(
        CertificateReview.certificate_id == certificate_id, CertificateReview.state == ReviewState.OPEN
    )
    return session.scalars(found).first() is not None


def list_under_review(session: Session, *, person_id: UUID) -> frozenset[str]:
    """Those certificates of a person on which somebody is still to decide."""
    found = (
        select(CertificateReview.certificate_id)
        .join(Certificate, Certificate.id == CertificateReview.certificate_id)
        .where(Certificate.person_id == person_id, CertificateReview.state == ReviewState.OPEN)
    )
    return frozenset(session.scalars(found))


def count_touched(session: Session, regrade_id: UUID) -> int:
    """How many certificates belong to attempts that lose their pass by a regrade, done or only foreseen."""
    counting = (
        select(func.count())
        .select_from(Certificate)
        .join(RegradeChange, RegradeChange.attempt_id == Certificate.attempt_id)
        .where(RegradeChange.regrade_id == regrade_id, RegradeChange.had_passed, ~RegradeChange.has_passed)
    )
    return session.scalars(counting).one()


def _lines() -> Any:
    return (
        select(
            CertificateReview.id,
            CertificateReview.certificate_id,
            AchievementVersion.name,
            CertificateReview.regrade_id,
            CertificateReview.state,
            CertificateReview.reason,
            CertificateReview.old_score,
            CertificateReview.new_score,
            Certificate.cut_score,
            CertificateReview.opened_by,
            CertificateReview.opened_at,
            CertificateReview.decided_by,
            CertificateReview.decision_reason,
            CertificateReview.closed_at,
        )
        .join(Certificate, Certificate.id == CertificateReview.certificate_id)
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
    )
