"""The clock of an attempt: what its time is made of, when it ends, and what still counts as in time."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

MOST_PERCENT = 1000  # ten times the limit
UNTIMED = timedelta(days=90)  # after which an attempt without a limit is closed, so that none stays open for ever
SECOND = timedelta(seconds=1)


def deadline(started_at: datetime, limit: timedelta, percent: int = 100) -> datetime:
    """Return the last instant at which an attempt takes answers, in UTC; `percent` of the limit are given.

    Computed in UTC, because adding an hour to local time is wrong when clocks change.
    Raises ValueError for a start without time zone, or a limit that is not positive.
    """
    if started_at.tzinfo is None:
        raise ValueError("the start of an attempt needs a time zone")
    if limit <= timedelta(0):
        raise ValueError(f"a time limit must be positive, got {limit}")
    return started_at.astimezone(UTC) + extended(limit, percent)


def extended(limit: timedelta, percent: int) -> timedelta:
    """The limit times an accommodation's factor, in whole microseconds, rounded up."""
    return timedelta(microseconds=ceil(Fraction(limit // timedelta(microseconds=1)) * percent / 100))


def is_open(at: datetime, deadline: datetime) -> bool:
    """Whether an answer that arrives at this instant is in time; the deadline itself still is."""
    return at <= deadline


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a person is granted for every test: percent of the limit (100 to 1000), breaks, or no limit at all."""

    percent: int = 100
    break_seconds: int = 0
    is_untimed: bool = False


@dataclass(frozen=True, slots=True)
class AttemptClock:
    """What the time of an attempt is made of; the deadline follows from these parts alone.

    `break_seconds` were granted, `break_seconds_left` are not used yet; while a break is under way, `break_ends_at`
    is when the last of them is used up. `credit_seconds` were given back for outages. `moved` is what the stored
    deadline differs by, where somebody set it by hand.
    """

    started_at: datetime
    limit: timedelta
    percent: int = 100
    is_untimed: bool = False
    break_seconds: int = 0
    break_seconds_left: int = 0
    break_ends_at: datetime | None = None
    credit_seconds: int = 0
    moved: timedelta = timedelta(0)

    @property
    def deadline(self) -> datetime:
        """Start + limit x percent + breaks + credit, in UTC; the break under way counts in full until it is ended."""
        if self.is_untimed:
            ends_at = deadline(self.started_at, UNTIMED)
        else:
            ends_at = deadline(self.started_at, self.limit, self.percent)
        used = self.break_seconds - (self.break_seconds_left if self.break_ends_at is None else 0)
        return ends_at + (used + self.credit_seconds) * SECOND + self.moved

    def is_on_break(self, at: datetime) -> bool:
        """Whether the clock stands still; it runs again by itself once the allowance is used up."""
        if self.break_ends_at is None:
            return False
        return self.break_ends_at - self.break_seconds_left * SECOND <= at < self.break_ends_at

    def time_left(self, at: datetime) -> timedelta:
        """The time to work that is left: never negative, and the same all through a break."""
        counted_from = max(at, self.break_ends_at) if self.break_ends_at is not None else at
        return max(timedelta(0), self.deadline - counted_from)

    def break_left(self, at: datetime) -> int:
        """Whole seconds of breaks that are left."""
        if self.break_ends_at is None:
            return self.break_seconds_left
        return max(0, floor((self.break_ends_at - at) / SECOND))

    def begin_break(self, at: datetime) -> "AttemptClock":
        """The clock stops. Raises ValueError when it stands still already, or no break is left."""
        if self.is_on_break(at):
            raise ValueError("a break is under way")
        rested = self.end_break(at)
        if rested.break_seconds_left == 0:
            raise ValueError("no break is left")
        return replace(rested, break_ends_at=at + rested.break_seconds_left * SECOND)

    def end_break(self, at: datetime) -> "AttemptClock":
        """The clock runs again, and what was not used of the break is kept; without a break nothing changes.

        A break counts in whole seconds, rounded up, so that no time to work is lost by it.
        """
        if self.break_ends_at is None:
            return self
        return replace(self, break_seconds_left=self.break_left(at), break_ends_at=None)

    def granted(self, allowance: Allowance) -> "AttemptClock":
        """The clock under an allowance that may be larger; nothing is ever shortened by it."""
        more = max(0, allowance.break_seconds - self.break_seconds)
        return replace(
            self,
            percent=max(self.percent, allowance.percent),
            is_untimed=self.is_untimed or allowance.is_untimed,
            break_seconds=self.break_seconds + more,
            break_seconds_left=self.break_seconds_left + more,
            break_ends_at=self.break_ends_at and self.break_ends_at + more * SECOND,
        )

    def credited(self, began_at: datetime, ended_at: datetime) -> "AttemptClock":
        """The clock after an outage of ours: what was left at its beginning is left at its end, of a break as well."""
        seconds = self.lost_to(began_at, ended_at)
        shift = seconds * SECOND if self.is_on_break(began_at) else timedelta(0)
        return replace(
            self,
            credit_seconds=self.credit_seconds + seconds,
            break_ends_at=self.break_ends_at and self.break_ends_at + shift,
        )

    def lost_to(self, began_at: datetime, ended_at: datetime) -> int:
        """Whole seconds, rounded up, that an outage took from this attempt; 0 when it was not under way then."""
        if began_at > self.deadline:
            return 0
        return max(0, ceil((ended_at - max(began_at, self.started_at)) / SECOND))


def opening_clock(started_at: datetime, limit: timedelta, allowance: Allowance) -> AttemptClock:
    """The clock of an attempt that starts now. Raises ValueError as `deadline` does."""
    deadline(started_at, limit)
    return AttemptClock(started_at, limit).granted(allowance)
