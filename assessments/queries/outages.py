"""Outages: when the service was away, what was given back for it, and whether that is still to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.models.outages import Heartbeat, Outage, OutageCredit, OutageState

SILENCE = timedelta(seconds=45)  # without a beat for longer, the service was away
# Where nobody serves pages with a heartbeat any more, attempts are handed in all the same.
LONGEST_SILENCE = timedelta(hours=24)
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ListedOutage:
    """An outage with the attempts of this organisation that were given time for it."""

    outage: Outage
    attempts: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What one attempt was given for one outage."""

    began_at: datetime
    seconds: int


def list_outages(session: Session) -> list[ListedOutage]:
    """The latest outages, newest first."""
    credits = select(OutageCredit.outage_id, func.count().label("attempts")).group_by(OutageCredit.outage_id).subquery()
    rows = session.execute(
        select(Outage, func.coalesce(credits.c.attempts, 0))
        .outerjoin(credits, credits.c.outage_id == Outage.id)
        .order_by(Outage.began_at.desc(), Outage.id)
        .limit(MOST_LISTED)
    )
    return [ListedOutage(outage, attempts) for outage, attempts in rows]


def find_outage(session: Session, outage_id: UUID) -> Outage | None:
    return session.get(Outage, outage_id)


def list_credits(session: Session, *, attempt_id: UUID) -> list[GivenBack]:
    """What an attempt was given back, oldest outage first."""
    rows = session.execute(
        select(Outage.began_at, OutageCredit.seconds)
        .join(OutageCredit, OutageCredit.outage_id == Outage.id)
        .where(OutageCredit.attempt_id == attempt_id)
        .order_by(Outage.began_at)
    )
    return [GivenBack(*row) for row in rows]


def is_silent(session: Session, *, at: datetime) -> bool:
    """Whether the service is away right now, as far as its heartbeat tells; without any heartbeat it is not."""
    beat_at = session.scalar(select(Heartbeat.beat_at))
    return beat_at is not None and SILENCE < at - beat_at <= LONGEST_SILENCE


def is_undecided(session: Session, *, started_at: datetime, deadline_at: datetime) -> bool:
    """Whether an outage took time from such an attempt and nobody has decided yet whether it is given back."""
    waiting = select(Outage.id).where(
        Outage.state == OutageState.WAITING, Outage.began_at <= deadline_at, Outage.ended_at > started_at
    )
    return session.scalars(waiting.limit(1)).first() is not None


def list_between(session: Session, *, start: datetime, end: datetime) -> Sequence[Outage]:
    """The outages that touch a time, whatever was decided about them, oldest first."""
    touching = select(Outage).where(Outage.began_at <= end, Outage.ended_at >= start)
    return session.scalars(touching.order_by(Outage.began_at).limit(MOST_LISTED)).all()


def list_overlapping(session: Session, *, began_at: datetime, ended_at: datetime) -> Sequence[Outage]:
    """Outages of the same time for which time was given back already."""
    return session.scalars(
        select(Outage).where(
            Outage.state == OutageState.CREDITED, Outage.began_at < ended_at, Outage.ended_at > began_at
        )
    ).all()
