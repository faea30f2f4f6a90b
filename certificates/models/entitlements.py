"""The tables of decisions about entitlements, and of what was last told of whom a tier is open to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from certificates.domain.entitlements import Outcome
from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of


class EntitlementDecision(OwnedByOrganisation, Base):
    """One answer that was given, with everything it rests on. Rows are added, and one day forgotten."""

    __tablename__ = "entitlement_decision"
    __table_args__ = (
        CheckConstraint("rule_version >= 1", name="rule_version_from_one"),
        CheckConstraint("expires_at IS NULL OR expires_at > at", name="expires_later"),
        Index("ix_entitlement_decision_person_at", "person_id", "at"),
        Index("ix_entitlement_decision_at", "at"),  # by which the oldest are forgotten
    )

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"))
    action: Mapped[str] = mapped_column(String(40))  # what the person wants to do there
    outcome: Mapped[Outcome] = mapped_column(choice_of(Outcome, "outcome_is_known"))
    missing: Mapped[list[Any]]
    inputs: Mapped[dict[str, Any]]
    rule_version: Mapped[int]
    expires_at: Mapped[datetime | None]
    asked_by: Mapped[str] = mapped_column(String(80))  # an API key's id, or the command that asked
    at: Mapped[datetime]


class TierStanding(OwnedByOrganisation, Base):
    """How a person stands to a tier in the eyes of an organisation, as it was last told; none is a denial."""

    __tablename__ = "tier_standing"
    __table_args__ = (PrimaryKeyConstraint("person_id", "tier_id", "organisation_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(choice_of(Outcome, "outcome_is_known"))
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # when time alone turns it; a message is due then
