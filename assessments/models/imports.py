"""Tables of imports: one file that somebody brought in, how far it is, and what became of its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of


class ImportState(StrEnum):
    """waiting -> reading -> storing -> done; refused when a fault in the file stops all of it, failed by a defect."""

    WAITING = "waiting"
    READING = "reading"
    STORING = "storing"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class ItemImport(OwnedByOrganisation, Base):
    """One import. Rows read are those made, unchanged or refused."""

    __tablename__ = "item_import"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('done', 'refused', 'failed')) = (finished_at IS NOT NULL)", name="finished_iff_over"
        ),
        CheckConstraint("state != 'done' OR rows_read = made + unchanged + refused", name="rows_add_up"),
        Index("ix_item_import_requested", "organisation_id", "requested_at"),
    )

    id: Mapped[UuidKey]
    format: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))  # SHA-256; the file lies in DATA_DIR under it
    bank: Mapped[str] = mapped_column(String(60))
    skill: Mapped[str] = mapped_column(String(60))  # of items whose file names none
    is_dry_run: Mapped[bool]
    state: Mapped[ImportState] = mapped_column(choice_of(ImportState, "state_is_known"))
    rows_read: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)  # new items, or new versions of known ones
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[list[Any]]  # {row, where, reason}, the first thousand
    warnings: Mapped[list[Any]]  # the same shape: what was left out of items that were made
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: an operator's command
    requested_at: Mapped[datetime]
    touched_at: Mapped[datetime]  # when the worker last said how far it is
    finished_at: Mapped[datetime | None]
