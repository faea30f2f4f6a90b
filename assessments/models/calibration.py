"""Tables of calibration: gold items to agree with before going on, and the rounds that people make through them."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class Calibration(OwnedByOrganisation, Base):
    """A set of gold items, and the mean agreement on the last `window` first tries that must be reached."""

    __tablename__ = "calibration"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("agreement > 0 AND agreement <= 1", name="agreement_is_fraction"),
        CheckConstraint("try_window >= 1", name="window_from_one"),
    )

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    agreement: Mapped[Fraction]
    window: Mapped[int] = mapped_column("try_window")  # `window` is a word of SQL
    items: Mapped[list[Any]]  # identifiers of the gold items
    is_retired: Mapped[bool] = mapped_column(default=False)


class CalibrationRound(OwnedByOrganisation, Base):
    """One person's way through the gold items, under the terms that held when it began."""

    __tablename__ = "calibration_round"
    __table_args__ = (
        UniqueConstraint("calibration_id", "person_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("agreement > 0 AND agreement <= 1", name="agreement_is_fraction"),
    )

    id: Mapped[UuidKey]
    calibration_id: Mapped[UUID] = mapped_column(ForeignKey("calibration.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]  # 1 is the person's first round
    seed: Mapped[int] = mapped_column(BigInteger)
    agreement: Mapped[Fraction]
    window: Mapped[int] = mapped_column("try_window")
    started_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
