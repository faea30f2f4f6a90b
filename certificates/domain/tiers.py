"""Decides whether a tier is open to somebody, and what is still missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Achievement = TypeVar("Achievement")  # whatever names an achievement: an id or a slug


@dataclass(frozen=True, slots=True)
class TierVerdict(Generic[Achievement]):
    """A verdict with its reasons: the required achievements that are missing, in the tier's order."""

    missing: tuple[Achievement, ...]
    is_reachable: bool

    @property
    def is_open(self) -> bool:
        return self.is_reachable and not self.missing


def decide_tier(required: Sequence[Achievement], held: Collection[Achievement]) -> TierVerdict[Achievement]:
    """Return whether the achievements held at an instant open a tier.

    A tier that requires nothing is only announced: no track leads to it, so nobody reaches it.
    """
    missing = tuple(achievement for achievement in required if achievement not in held)
    return TierVerdict(missing=missing, is_reachable=bool(required))
