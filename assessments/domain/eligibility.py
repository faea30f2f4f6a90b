"""Decides whether a person may start a test, why not, and from when on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why a test cannot be started now."""

    OPEN_ATTEMPT = "open-attempt"
    AWAITING_RESULT = "awaiting-result"
    ALREADY_PASSED = "already-passed"
    TRIES_USED = "tries-used"
    COOLING_DOWN = "cooling-down"
    STUDY_FIRST = "study-first"


CURED_BY_TIME = frozenset({Reason.TRIES_USED, Reason.COOLING_DOWN})


@dataclass(frozen=True, slots=True)
class RetakePolicy:
    """How many sittings may start within a window, and the pause after a failed one."""

    tries: int
    window: timedelta
    cool_down: timedelta

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ValueError(f"a policy needs at least one try, got {self.tries}")
        if self.window <= timedelta(0) or self.cool_down < timedelta(0):
            raise ValueError("a window must be positive and a cool-down must not be negative")


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt that counts: `ended_at` is None while it is open, `has_passed` until it has a result.

    Voided attempts are left out by the caller; they neither use up a try nor wait for a result.
    """

    started_at: datetime
    ended_at: datetime | None = None
    has_passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that is to be finished before another try: its number in the course of the test, and its title."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """From when on somebody who passed may sit the test anew, and when what the pass earned ends or ended."""

    opens_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What others than the test's own terms have against a start, in a sentence; `until` when time alone lifts it."""

    sentence: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A verdict with its reasons; eligible exactly when there is neither one nor a hindrance.

    `possible_at` is the instant asked about when eligible, else the first instant at which a start
    becomes possible by waiting alone, or None when waiting does not help. `renewal` is told to whoever
    passed and may renew what the pass earned, now or later; then an eligible start is one that renews.
    """

    reasons: tuple[Reason, ...]
    possible_at: datetime | None
    tries_left: int
    to_study: tuple[Lesson, ...] = ()
    renewal: Renewal | None = None
    hindrances: tuple[Hindrance, ...] = ()

    @property
    def eligible(self) -> bool:
        return not self.reasons and not self.hindrances


def decide_eligibility(
    policy: RetakePolicy,
    sittings: Sequence[Sitting],
    at: datetime,
    to_study: tuple[Lesson, ...] = (),
    renewal: Renewal | None = None,
    hindrances: tuple[Hindrance, ...] = (),
) -> Eligibility:
    """Return whether a sitting may start at this instant, and all reasons why it may not.

    A try counts until its window has passed since it started. Waiting ends at the instant itself:
    exactly one window or one cool-down later, a start is possible. A pass stands in the way until its
    renewal opens, and for ever without one; the policy holds for a renewal as for every sitting.
    """
    has_passed = any(sitting.has_passed for sitting in sittings)
    known = renewal if has_passed else None
    renewable_at = known.opens_at if known else None
    free_at = _try_free_at(policy, sittings)
    rested_at = _rested_at(policy, sittings)
    standing = {
        Reason.OPEN_ATTEMPT: any(sitting.ended_at is None for sitting in sittings),
        Reason.AWAITING_RESULT: any(_awaits_result(sitting) for sitting in sittings),
        Reason.ALREADY_PASSED: has_passed and (renewable_at is None or at < renewable_at),
        Reason.TRIES_USED: free_at is not None and at < free_at,
        Reason.COOLING_DOWN: rested_at is not None and at < rested_at,
        Reason.STUDY_FIRST: bool(to_study),
    }
    reasons = tuple(reason for reason, stands in standing.items() if stands)
    cured = CURED_BY_TIME | {Reason.ALREADY_PASSED} if renewable_at else CURED_BY_TIME
    is_cured = cured.issuperset(reasons) and all(one.until for one in hindrances)
    lifted_at = (one.until for one in hindrances)
    possible_at = max(filter(None, (at, free_at, rested_at, renewable_at, *lifted_at))) if is_cured else None
    counting = sum(at < sitting.started_at + policy.window for sitting in sittings)
    return Eligibility(reasons, possible_at, max(0, policy.tries - counting), to_study, known, hindrances)


def _try_free_at(policy: RetakePolicy, sittings: Sequence[Sitting]) -> datetime | None:
    """When fewer than `tries` sittings count: once the window of the `tries`-th from the last has passed."""
    starts = sorted(sitting.started_at for sitting in sittings)
    return starts[-policy.tries] + policy.window if len(starts) >= policy.tries else None


def _rested_at(policy: RetakePolicy, sittings: Sequence[Sitting]) -> datetime | None:
    failed = [sitting.ended_at for sitting in sittings if sitting.ended_at and sitting.has_passed is False]
    return max(failed) + policy.cool_down if failed else None


def _awaits_result(sitting: Sitting) -> bool:
    return sitting.ended_at is not None and sitting.has_passed is None
