"""The tables of what happened to a certificate: every change of its state, and proposals to revoke it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from certificates.domain.standing import CertificateState
from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of

_OPEN = text("state = 'open'")


class StateChange(OwnedByOrganisation, Base):
    """One change of a certificate's state, in their order. It is in the log, so that none can be hidden or made up."""

    __tablename__ = "state_change"
    __table_args__ = (
        UniqueConstraint("certificate_id", "number"),
        UniqueConstraint("leaf_index"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("length(reason) > 0", name="reason_says_something"),
        CheckConstraint("length(commitment) = 64", name="commitment_is_hex"),
    )

    id: Mapped[UuidKey]
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"))
    number: Mapped[int]  # 1 is the first change after the issue
    state: Mapped[CertificateState] = mapped_column(choice_of(CertificateState, "state_is_known"))  # from then on
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # None: it followed from something else
    at: Mapped[datetime]
    salt: Mapped[str | None] = mapped_column(String(64))  # as of a credential; None once the holder is erased
    commitment: Mapped[str] = mapped_column(String(64))
    leaf_index: Mapped[int] = mapped_column(ForeignKey("log_leaf.index"))


class ProposalState(StrEnum):
    """open -> revoked or declined by a second person; withdrawn by whoever proposed it."""

    OPEN = "open"
    REVOKED = "revoked"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RevocationProposal(OwnedByOrganisation, Base):
    """A proposal to revoke a certificate. It takes a second person to carry it out."""

    __tablename__ = "revocation_proposal"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason_says_something"),
        CheckConstraint("decided_by IS NULL OR decided_by != proposed_by", name="decided_by_another"),
        CheckConstraint("(state IN ('revoked', 'declined')) = (decided_by IS NOT NULL)", name="decider_iff_decided"),
        CheckConstraint(
            "(state IN ('revoked', 'declined')) = (decision_reason IS NOT NULL)", name="reason_iff_decided"
        ),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at_unless_open"),
        Index("uq_revocation_proposal_open", "certificate_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_revocation_proposal_proposed", "organisation_id", "proposed_at"),
    )

    id: Mapped[UuidKey]
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"))
    state: Mapped[ProposalState] = mapped_column(choice_of(ProposalState, "state_is_known"))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decision_reason: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
