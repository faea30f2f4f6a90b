"""The table of status lists: each belongs to one organisation, which signs it and whose credentials name it."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from certificates.models.credentials import STATUS_LIST_LENGTH
from lms.db.base import Base, OwnedByOrganisation

FULL = STATUS_LIST_LENGTH // 2  # credentials a list: with half of it free, a draw takes two tries on average at most
_OPEN = text(f"taken < {FULL}")


class StatusList(OwnedByOrganisation, Base):
    """A pair of lists, for revocation and for suspension, under one number. An organisation has one that is not full.

    Lists from before organisations had their own are kept as full ones of the public organisation, which signs them.
    """

    __tablename__ = "status_list"
    __table_args__ = (
        CheckConstraint(f"taken >= 0 AND taken <= {FULL}", name="taken_fits"),
        Index("uq_status_list_open", "organisation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    taken: Mapped[int]  # how many entries were drawn
