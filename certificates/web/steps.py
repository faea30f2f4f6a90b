"""Tiers as somebody sees them on the way: open or not, and the next step toward each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from certificates.queries.achievements import held_achievements
from certificates.queries.tiers import Requirement, TierView, list_tiers


@dataclass(frozen=True, slots=True)
class TierStep:
    """A tier and what is missing for it. `is_open` is None for a stranger, of whom nothing is known."""

    tier: TierView
    is_open: bool | None
    missing: tuple[Requirement, ...]


def tier_steps(session: Session, *, person_id: UUID | None, at: datetime) -> list[TierStep]:
    """Every tier in the order of the catalogue, as this person stands toward it."""
    tiers = list_tiers(session)
    if person_id is None:
        return [TierStep(tier, None, tier.requires) for tier in tiers]
    held = held_achievements(session, person_id=person_id, at=at)
    return [_step(tier, held) for tier in tiers]


def next_tier(steps: list[TierStep]) -> TierStep | None:
    """The tier that is nearest: reachable, not open, and the fewest achievements away."""
    ahead = [step for step in steps if step.missing and not step.is_open]
    return min(ahead, key=lambda step: len(step.missing), default=None)


def _step(tier: TierView, held: frozenset[str]) -> TierStep:
    verdict = tier.verdict(held)
    missing = tuple(requirement for requirement in tier.requires if requirement.slug in verdict.missing)
    return TierStep(tier, verdict.is_open, missing)
