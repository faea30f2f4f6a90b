"""When a result is told: at once, on a date, or when a person releases it; before that nobody learns anything of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class ReleaseWay(StrEnum):
    """What a result waits for once it is graded."""

    AT_ONCE = "at-once"
    ON_DATE = "on-date"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class ReleasePolicy:
    """How the results of a test are released; `on` is the instant of a dated release and None otherwise."""

    way: ReleaseWay
    on: datetime | None = None

    def __post_init__(self) -> None:
        if (self.way is ReleaseWay.ON_DATE) != (self.on is not None):
            raise ValueError("a dated release has a date, and no other has")
        if self.on is not None and self.on.tzinfo is None:
            raise ValueError("the date of a release needs a time zone")

    def is_due(self, at: datetime) -> bool:
        """Whether what is graded at this instant may be told at once; the date itself is due."""
        if self.way is ReleaseWay.ON_DATE:
            assert self.on is not None
            return self.on <= at
        return self.way is ReleaseWay.AT_ONCE


def release_policy(stated: str | Mapping[str, Any] | None) -> ReleasePolicy:
    """The policy as a test's document states it: `at-once`, `by-hand`, `{on: instant}`; nothing means at once.

    Raises ValueError for anything else.
    """
    if stated is None:
        return ReleasePolicy(ReleaseWay.AT_ONCE)
    if isinstance(stated, Mapping):
        return ReleasePolicy(ReleaseWay.ON_DATE, datetime.fromisoformat(str(stated["on"])).astimezone(UTC))
    way = ReleaseWay(stated)
    return ReleasePolicy(way)
