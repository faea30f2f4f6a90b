"""Tables of outages: the service's heartbeat, the times when it was away, and what was given back for them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of


class Heartbeat(Base):
    """When the pages were last known to be served. One row for the installation, whatever organisations it has."""

    __tablename__ = "heartbeat"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beat_at: Mapped[datetime]


class OutageState(StrEnum):
    """waiting (for a person to decide) -> credited or dismissed."""

    WAITING = "waiting"
    CREDITED = "credited"
    DISMISSED = "dismissed"


class Outage(Base):
    """A time in which the service was away, for everybody on the installation."""

    __tablename__ = "outage"
    __table_args__ = (
        CheckConstraint("ended_at > began_at", name="ends_after_it_began"),
        CheckConstraint("length(reason) > 0", name="reason_is_given"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_at_unless_waiting"),
        CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name="decided_by_unless_waiting"),
        Index("ix_outage_began", "began_at"),
        Index(
            "ix_outage_waiting",
            "ended_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[UuidKey]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    found_by: Mapped[str] = mapped_column(String(80))  # the heartbeat, or the command of an operator
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[OutageState] = mapped_column(choice_of(OutageState, "state_is_known"))
    decided_by: Mapped[str | None] = mapped_column(String(80))  # a person's id, or what decided by rule
    decided_at: Mapped[datetime | None]


class OutageCredit(OwnedByOrganisation, Base):
    """What an attempt was given back for an outage; once, however often it is asked for."""

    __tablename__ = "outage_credit"
    __table_args__ = (CheckConstraint("seconds > 0", name="seconds_are_positive"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    outage_id: Mapped[UUID] = mapped_column(ForeignKey("outage.id"), primary_key=True, index=True)
    seconds: Mapped[int]
    credited_at: Mapped[datetime]
