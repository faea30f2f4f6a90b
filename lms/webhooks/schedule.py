"""When a delivery is tried again, when it is given up, and how long an endpoint rests that fails again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# The waits after each failed try; the last one holds for all that follow, until the three days are over.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=18),
    timedelta(hours=20),
)
TRIED_FOR = timedelta(days=3)
JITTER = 0.1  # of the wait, to either side: receivers that fail together are not tried together

# How long an endpoint is left alone after so many failures in a row; the last one holds for all that follow.
RESTS = (
    timedelta(0),
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
)

# Of failures alone: a little less than a delivery is tried for, so that the last try of a single one lies behind it.
DISABLED_AFTER = timedelta(hours=71)
DISABLED_AFTER_FAILURES = 10


@dataclass(frozen=True, slots=True)
class Again:
    """A delivery is tried again at this instant, and is then at this step of the schedule."""

    due_at: datetime
    step: int


def next_try(*, step: int, counted_from: datetime, at: datetime, chance: float) -> Again | None:
    """What follows a try that failed at this instant; None when it is given up. `chance` is between 0 and 1.

    The last try is made when the days are over, so that a receiver that came back late is not missed.
    """
    ends_at = counted_from + TRIED_FOR
    if at >= ends_at:
        return None
    wait = WAITS[min(step, len(WAITS) - 1)] * (1 + JITTER * (2 * chance - 1))
    return Again(min(at + wait, ends_at), step + 1)


def rest_after(failures: int) -> timedelta:
    """How long nothing is sent to an endpoint that failed so often in a row (at least once)."""
    return RESTS[min(failures, len(RESTS)) - 1]


def is_hopeless(*, failures: int, failing_since: datetime, at: datetime) -> bool:
    """Whether an endpoint failed so often and for so long that nothing is sent to it any more."""
    return failures >= DISABLED_AFTER_FAILURES and at - failing_since >= DISABLED_AFTER
