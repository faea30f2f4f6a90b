"""The table of designs: how an organisation's certificates look, as immutable versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from certificates.domain.design import Orientation, Paper
from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of

_CURRENT = text("is_current")


class DesignVersion(OwnedByOrganisation, Base):
    """A design; a credential keeps the version in which its PDF was made."""

    __tablename__ = "design_version"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("length(accent) = 7", name="accent_is_hex"),
        Index(
            "uq_design_version_current",
            "organisation_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )

    id: Mapped[UuidKey]
    number: Mapped[int]
    is_current: Mapped[bool]
    paper: Mapped[Paper] = mapped_column(choice_of(Paper, "paper_is_known"))
    orientation: Mapped[Orientation] = mapped_column(choice_of(Orientation, "orientation_is_known"))
    display_name: Mapped[str] = mapped_column(String(200))  # empty: the organisation's own name
    accent: Mapped[str] = mapped_column(String(7))  # #rrggbb
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)  # PNG, written anew by us
    signatories: Mapped[list[Any]]  # {name, role}, at most four
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
