"""The table of reviews: certificates whose result fell below the cut afterwards, and what a manager decided on each."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of

_OPEN = text("state = 'open'")


class ReviewState(StrEnum):
    """open -> kept or revoked by a person's decision; lapsed when nothing was left to decide."""

    OPEN = "open"
    KEPT = "kept"
    REVOKED = "revoked"
    LAPSED = "lapsed"


class CertificateReview(OwnedByOrganisation, Base):
    """A certificate that is looked at, because a regrade took its pass. It stays valid until somebody decides."""

    __tablename__ = "certificate_review"
    __table_args__ = (
        UniqueConstraint("certificate_id", "regrade_id"),
        CheckConstraint("old_score BETWEEN 0 AND 1", name="old_score_is_fraction"),
        CheckConstraint("new_score BETWEEN 0 AND 1", name="new_score_is_fraction"),
        CheckConstraint("decided_by IS NULL OR decided_by != opened_by", name="decided_by_another"),
        CheckConstraint("(state IN ('kept', 'revoked')) = (decided_by IS NOT NULL)", name="decider_iff_decided"),
        CheckConstraint("(state IN ('kept', 'revoked')) = (decision_reason IS NOT NULL)", name="reason_iff_decided"),
        CheckConstraint("decision_reason IS NULL OR length(decision_reason) > 0", name="reason_says_something"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at_unless_open"),
        Index("uq_certificate_review_open", "certificate_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_certificate_review_opened", "organisation_id", "opened_at"),
    )

    id: Mapped[UuidKey]
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"))
    regrade_id: Mapped[UUID] = mapped_column(ForeignKey("regrade.id"))
    state: Mapped[ReviewState] = mapped_column(choice_of(ReviewState, "state_is_known"))
    reason: Mapped[str] = mapped_column(Text)  # of the regrade
    old_score: Mapped[Fraction]
    new_score: Mapped[Fraction]
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # who committed the regrade
    opened_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decision_reason: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
