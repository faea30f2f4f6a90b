"""Tables of exposure: how each form came about, and how often items were shown, rolled up by day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation


class Form(OwnedByOrganisation, Base):
    """How an attempt's form came about, beside its seed: the counts it was drawn by, and what could not be avoided."""

    __tablename__ = "form"
    __table_args__ = (
        CheckConstraint("forms_counted >= 0", name="forms_counted_not_negative"),
        CheckConstraint("seen_again >= 0 AND over_cap >= 0", name="unavoided_not_negative"),
        CheckConstraint("forms_counted = 0 OR counted_at IS NOT NULL", name="counts_have_time"),
        Index(
            "ix_form_uncounted",
            "organisation_id",
            "drawn_at",
            sqlite_where=text("is_counted = 0"),
            postgresql_where=text("NOT is_counted"),
        ),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    drawn_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]  # up to when the counts went that it was drawn by; none: there were none
    forms_counted: Mapped[int]  # how many forms they covered
    seen_again: Mapped[int]  # items that the person had seen before
    over_cap: Mapped[int]  # items that had reached their cap
    is_counted: Mapped[bool] = mapped_column(default=False)  # whether the roll-up has it


class FormCount(OwnedByOrganisation, Base):
    """How many forms of a test were drawn on a day (UTC)."""

    __tablename__ = "form_count"
    __table_args__ = (
        CheckConstraint("forms >= 1", name="forms_from_one"),
        CheckConstraint("seen_again >= 0 AND over_cap >= 0", name="unavoided_not_negative"),
    )

    test_id: Mapped[UUID] = mapped_column(ForeignKey("test.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    forms: Mapped[int]
    seen_again: Mapped[int]  # items in them that the person had seen before
    over_cap: Mapped[int]  # items in them that had reached their cap
    counted_at: Mapped[datetime]


class ItemExposure(OwnedByOrganisation, Base):
    """How many of a test's forms of a day held an item: scored, or only tried out."""

    __tablename__ = "item_exposure"
    __table_args__ = (
        CheckConstraint("shown >= 0 AND tried_out >= 0", name="counts_not_negative"),
        CheckConstraint("shown + tried_out >= 1", name="was_shown"),
    )

    test_id: Mapped[UUID] = mapped_column(ForeignKey("test.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), primary_key=True)
    shown: Mapped[int]
    tried_out: Mapped[int]
