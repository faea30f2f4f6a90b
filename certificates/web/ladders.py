"""Pay ladders: tiers that can stand on one axis, because they pay in one currency for one span of time."""

from collections.abc import Iterable
from dataclasses import dataclass

from certificates.queries.tiers import TierView


@dataclass(frozen=True, slots=True)
class Ladder:
    """Tiers that share a currency and a span of time, in the order of the catalogue."""

    currency: str
    per: str
    tiers: tuple[TierView, ...]


def pay_ladders(tiers: Iterable[TierView]) -> list[Ladder]:
    """Tiers by currency and span, each once."""
    groups: dict[tuple[str, str], list[TierView]] = {}
    for tier in tiers:
        groups.setdefault((tier.currency, tier.per), []).append(tier)
    return [Ladder(currency, per, tuple(group)) for (currency, per), group in groups.items()]
