"""When an attempt ends, and what still counts as in time."""

from datetime import UTC, datetime, timedelta


def deadline(started_at: datetime, limit: timedelta) -> datetime:
    """Return the last instant at which an attempt takes answers, in UTC.

    Computed in UTC, because adding an hour to local time is wrong when clocks change.
    Raises ValueError for a start without time zone, or a limit that is not positive.
    """
    if started_at.tzinfo is None:
        raise ValueError("the start of an attempt needs a time zone")
    if limit <= timedelta(0):
        raise ValueError(f"a time limit must be positive, got {limit}")
    return started_at.astimezone(UTC) + limit


def is_open(at: datetime, deadline: datetime) -> bool:
    """Whether an answer that arrives at this instant is in time; the deadline itself still is."""
    return at <= deadline
