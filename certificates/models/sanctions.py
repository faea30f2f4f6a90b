"""The tables of sanctions: proposals with their evidence, what was imposed and lifted, and appeals against it."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of

_OPEN = text("state = 'open'")
_ACTIVE_IN_TIER = text("lifted_at IS NULL AND tier_id IS NOT NULL")
_ACTIVE_EVERYWHERE = text("lifted_at IS NULL AND tier_id IS NULL")


class SuspensionState(StrEnum):
    """open -> confirmed or dismissed by a person; withdrawn when nothing is left to decide."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class SuspensionProposal(OwnedByOrganisation, Base):
    """The figures of somebody's work fell below a floor. That closes nothing: a person looks at it and decides."""

    __tablename__ = "suspension_proposal"
    __table_args__ = (
        CheckConstraint("floor BETWEEN 0 AND 1", name="floor_is_fraction"),
        CheckConstraint("decided_by IS NULL OR decided_by != person_id", name="decided_by_another"),
        CheckConstraint("(state IN ('confirmed', 'dismissed')) = (decided_by IS NOT NULL)", name="decider_iff_decided"),
        CheckConstraint("(state IN ('confirmed', 'dismissed')) = (reason IS NOT NULL)", name="reason_iff_decided"),
        CheckConstraint("reason IS NULL OR length(reason) > 0", name="reason_says_something"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at_unless_open"),
        Index(
            "uq_suspension_proposal_open",
            "organisation_id",
            "person_id",
            "tier_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_suspension_proposal_proposed", "organisation_id", "proposed_at"),
        Index("ix_suspension_proposal_person", "person_id"),
    )

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"))
    skill: Mapped[str | None] = mapped_column(String(60))  # None: every skill of the tier's work
    floor: Mapped[Fraction]
    evidence: Mapped[dict[str, Any]]  # certificates.domain.evidence
    rule_version: Mapped[int]
    state: Mapped[SuspensionState] = mapped_column(choice_of(SuspensionState, "state_is_known"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]  # or when it was withdrawn
    reason: Mapped[str | None] = mapped_column(Text)


class Sanction(OwnedByOrganisation, Base):
    """Somebody may not work in a tier, or in none, until it is lifted. A person or an API key imposed it."""

    __tablename__ = "sanction"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        CheckConstraint("length(reason) > 0", name="reason_says_something"),
        CheckConstraint("(imposed_by IS NULL) != (imposed_by_key IS NULL)", name="imposed_by_one"),
        CheckConstraint("imposed_by IS NULL OR imposed_by != person_id", name="imposed_by_another"),
        CheckConstraint("lifted_by IS NULL OR lifted_by != person_id", name="lifted_by_another"),
        CheckConstraint("lifted_by IS NULL OR lifted_by_key IS NULL", name="lifted_by_one"),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL AND lifted_by_key IS NULL)", name="lifter_iff_lifted"
        ),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lift_reason_iff_lifted"),
        Index(
            "uq_sanction_active_in_tier",
            "organisation_id",
            "person_id",
            "tier_id",
            unique=True,
            sqlite_where=_ACTIVE_IN_TIER,
            postgresql_where=_ACTIVE_IN_TIER,
        ),
        Index(
            "uq_sanction_active_everywhere",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=_ACTIVE_EVERYWHERE,
            postgresql_where=_ACTIVE_EVERYWHERE,
        ),
        Index("ix_sanction_person", "person_id"),
    )

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    tier_id: Mapped[UUID | None] = mapped_column(ForeignKey("tier.id"))  # None: every tier of the organisation
    reason: Mapped[str] = mapped_column(Text)
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("suspension_proposal.id"))
    imposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    imposed_by_key: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"))
    imposed_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lifted_by_key: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None] = mapped_column(Text)


class AppealState(StrEnum):
    """open -> upheld (the sanction is lifted) or rejected; settled when the sanction was lifted otherwise."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    SETTLED = "settled"


class SanctionAppeal(OwnedByOrganisation, Base):
    """What somebody says against a sanction. Another person than the one who imposed it decides."""

    __tablename__ = "sanction_appeal"
    __table_args__ = (
        UniqueConstraint("sanction_id"),
        CheckConstraint("length(grounds) > 0", name="grounds_say_something"),
        CheckConstraint("decided_by IS NULL OR decided_by != person_id", name="decided_by_another"),
        CheckConstraint("decided_by IS NULL OR imposed_by IS NULL OR decided_by != imposed_by", name="decided_anew"),
        CheckConstraint("(state IN ('upheld', 'rejected')) = (decided_by IS NOT NULL)", name="decider_iff_decided"),
        CheckConstraint("(state IN ('upheld', 'rejected')) = (reason IS NOT NULL)", name="reason_iff_decided"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at_unless_open"),
    )

    id: Mapped[UuidKey]
    sanction_id: Mapped[UUID] = mapped_column(ForeignKey("sanction.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    imposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # as of the sanction
    grounds: Mapped[str] = mapped_column(Text)
    state: Mapped[AppealState] = mapped_column(choice_of(AppealState, "state_is_known"))
    made_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
