"""Programmes: when somebody of a cohort may sit the test, how often, and what they agree to first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Stop(StrEnum):
    """Why a programme does not let somebody start its test."""

    NOT_BEGUN = "not-begun"
    OVER = "over"
    TRIES_USED = "tries-used"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Policy:
    """The terms of a programme. They come on top of what the test says, and never loosen it."""

    due_days: int | None = None  # after somebody entered; None: until the cohort ends
    tries: int | None = None  # sittings since somebody entered; None: as many as the test allows
    consents: tuple[str, ...] = ()  # what the organisation must be allowed to see


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody belongs to a cohort that takes a programme. The cohort runs from `starts_at` until before `ends_at`."""

    starts_at: datetime
    ends_at: datetime
    joined_at: datetime

    @property
    def entered_at(self) -> datetime:
        """From when on the programme counts for this person."""
        return max(self.starts_at, self.joined_at)

    def due_at(self, policy: Policy) -> datetime:
        """The end of the time in which a sitting may start: by the programme, and with the cohort at the latest."""
        if policy.due_days is None:
            return self.ends_at
        return min(self.ends_at, self.entered_at + timedelta(days=policy.due_days))


def tries_left(policy: Policy, enrolment: Enrolment, starts: Sequence[datetime]) -> int | None:
    """How many sittings the programme leaves, given when earlier ones started; None: it sets no number."""
    if policy.tries is None:
        return None
    return max(0, policy.tries - sum(start >= enrolment.entered_at for start in starts))


def find_stops(
    policy: Policy, enrolment: Enrolment, *, starts: Sequence[datetime], given: frozenset[str], at: datetime
) -> tuple[Stop, ...]:
    """Every reason why the programme does not let a sitting start at this instant; empty when it may."""
    return tuple(_stops(policy, enrolment, starts, given, at))


def _stops(
    policy: Policy, enrolment: Enrolment, starts: Sequence[datetime], given: frozenset[str], at: datetime
) -> Iterator[Stop]:
    if at < enrolment.starts_at:
        yield Stop.NOT_BEGUN
    if at >= enrolment.due_at(policy):
        yield Stop.OVER
    if tries_left(policy, enrolment, starts) == 0:
        yield Stop.TRIES_USED
    if not given.issuperset(policy.consents):
        yield Stop.CONSENT
