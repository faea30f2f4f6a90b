"""The tables of sharing: certificates that their holder shows to everybody, and the holder's portfolio."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation


class SharedCertificate(OwnedByOrganisation, Base):
    """A certificate with a page for everybody. Without this row there is none."""

    __tablename__ = "shared_certificate"

    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    shows_scores: Mapped[bool]
    is_in_portfolio: Mapped[bool]
    shared_at: Mapped[datetime]


class Portfolio(OwnedByOrganisation, Base):
    """A holder's page for everybody: the certificates that they chose, and how much they practised."""

    __tablename__ = "portfolio"
    __table_args__ = (CheckConstraint("length(address) >= 3", name="address_is_given"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(40), unique=True)  # the last part of its URL, chosen by the holder
    headline: Mapped[str] = mapped_column(String(200))
    shows_practice: Mapped[bool]
    opened_at: Mapped[datetime]
