"""The table of extensions: certificates that hold longer because the work done with them stayed good."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class ValidityExtension(OwnedByOrganisation, Base):
    """One extension of a certificate, with the figures that earned it."""

    __tablename__ = "validity_extension"
    __table_args__ = (
        UniqueConstraint("certificate_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("until > was_until", name="holds_longer"),
    )

    id: Mapped[UuidKey]
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"))
    number: Mapped[int]  # 1 is the first
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"))  # whose work earned it
    was_until: Mapped[datetime]
    until: Mapped[datetime]
    evidence: Mapped[dict[str, Any]]
    rule_version: Mapped[int]
    at: Mapped[datetime]
