"""Outages of ours: found by the heartbeat or told by an operator, and given back to whoever had an attempt open.

These operations concern everybody on the installation, so their sessions enter no organisation.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt
from assessments.models.outages import Heartbeat, Outage, OutageCredit, OutageState
from assessments.operations.timing import open_attempts, set_clock
from assessments.queries.attempts import clock_of
from assessments.queries.outages import SILENCE, find_outage, list_overlapping
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotFound

JUST_NOW = timedelta(seconds=5)  # several processes may beat; one of them is enough
# A longer gap may as well be a clock that was set: then a person decides.
LONGEST_BY_RULE = timedelta(minutes=60)
BY_RULE = "heartbeat"
LONGEST_REASON = 500


def beat(session: Session, *, at: datetime) -> Outage | None:
    """Say that pages are served at this instant; the outage, when there was a silence before it.

    Time is given back in the same transaction that says so: whoever sees the beat sees the moved deadlines.
    """
    last = _last_beat(session, at)
    if timedelta(0) <= at - last < JUST_NOW or -SILENCE <= at - last < timedelta(0):
        return None
    session.execute(update(Heartbeat).values(beat_at=at))  # also back, when the clock was set back
    if at - last <= SILENCE:
        return None
    is_by_rule = at - last <= LONGEST_BY_RULE
    outage = _outage(last, at, found_by=BY_RULE, reason="The service did not answer.")
    if is_by_rule:
        _decide(outage, OutageState.CREDITED, by=BY_RULE, at=at)
    session.add(outage)
    session.flush()
    if is_by_rule:
        _give_back(session, outage, at=at)
    return outage


def credit_outage(
    session: Session, *, began_at: datetime, ended_at: datetime, reason: str, by: str, at: datetime
) -> tuple[UUID, int]:
    """Record an outage that an operator knows of, and give the time back; its id, and how many attempts got time.

    Raises Invalid for times that make no sense or no reason, Conflict when time was given back for a part of it.
    """
    if began_at >= ended_at:
        raise Invalid("An outage ends after it began.")
    if ended_at > at:
        raise Invalid("This outage ends in the future; wait until it is over.")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"Say why in 1 to {LONGEST_REASON} characters.")
    _last_beat(session, at)  # keeps two operators, and the heartbeat, apart
    for other in list_overlapping(session, began_at=began_at, ended_at=ended_at):
        raise Conflict(
            f"Time was given back already for {other.began_at:%d %B %Y, %H:%M:%S} to {other.ended_at:%H:%M:%S} UTC, "
            f"which overlaps. State times beside it."
        )
    outage = _outage(began_at, ended_at, found_by=by, reason=reason.strip())
    _decide(outage, OutageState.CREDITED, by=by, at=at)
    session.add(outage)
    session.flush()
    return outage.id, _give_back(session, outage, at=at)


def settle_outage(session: Session, *, outage_id: UUID, is_credited: bool, by: str, at: datetime) -> int:
    """Decide about an outage that waits: give the time back, or not; how many attempts got time.

    Raises NotFound, Conflict when it was decided before.
    """
    outage = find_outage(session, outage_id)
    if outage is None:
        raise NotFound("There is no such outage.")
    state = OutageState.CREDITED if is_credited else OutageState.DISMISSED
    won = session.execute(
        update(Outage)
        .where(Outage.id == outage_id, Outage.state == OutageState.WAITING)
        .values(state=state, decided_by=by, decided_at=at)
        .returning(Outage.id)
    ).scalar_one_or_none()
    if won is None:
        raise Conflict("This outage is decided already.")
    return _give_back(session, outage, at=at) if is_credited else 0


def _last_beat(session: Session, at: datetime) -> datetime:
    """The row of the heartbeat, made when it is missing, locked until the commit."""
    session.execute(insert_into(session, Heartbeat).values(id=1, beat_at=at).on_conflict_do_nothing())
    return session.scalars(select(Heartbeat.beat_at).with_for_update()).one()


def _outage(began_at: datetime, ended_at: datetime, *, found_by: str, reason: str) -> Outage:
    return Outage(
        id=uuid4(),
        began_at=began_at,
        ended_at=ended_at,
        found_by=found_by,
        reason=reason,
        state=OutageState.WAITING,
        decided_by=None,
        decided_at=None,
    )


def _decide(outage: Outage, state: OutageState, *, by: str, at: datetime) -> None:
    outage.state, outage.decided_by, outage.decided_at = state, by, at


def _give_back(session: Session, outage: Outage, *, at: datetime) -> int:
    """What every open attempt had left at the outage's beginning, it has left at its end."""
    had_it = select(OutageCredit.attempt_id).where(OutageCredit.outage_id == outage.id)
    found = open_attempts().where(
        Attempt.deadline_at >= outage.began_at, Attempt.started_at < outage.ended_at, Attempt.id.not_in(had_it)
    )
    rows = session.execute(found).all()
    for attempt, limit in rows:
        clock = clock_of(attempt, limit)
        session.add(
            OutageCredit(
                attempt_id=attempt.id,
                outage_id=outage.id,
                organisation_id=attempt.organisation_id,
                seconds=clock.lost_to(outage.began_at, outage.ended_at),
                credited_at=at,
            )
        )
        set_clock(session, attempt, clock.credited(outage.began_at, outage.ended_at), at=at)
    return len(rows)
