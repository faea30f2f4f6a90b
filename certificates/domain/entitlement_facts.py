"""Facts: what is known of a person when it is asked whether a tier is open to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from certificates.domain.requirements import Source
from certificates.domain.standing import CertificateState


@dataclass(frozen=True, slots=True)
class CertificateFact:
    """A certificate. Under review it stays valid, while people decide whether it was earned."""

    id: str
    organisation: Source
    slug: str  # of the achievement
    issued_at: datetime
    valid_until: datetime
    state: CertificateState
    score: Fraction
    skills: Mapping[str, Fraction] = field(default_factory=dict, hash=False)
    is_under_review: bool = False


@dataclass(frozen=True, slots=True)
class QualityFact:
    """What somebody's work was worth so far, from 0 to 1, with its interval; `skill` None is all of it together."""

    skill: str | None
    estimate: Fraction
    low: Fraction
    high: Fraction
    tasks: int  # first answers that count


@dataclass(frozen=True, slots=True)
class SanctionFact:
    """A decision of people that closes a tier, or with `tier` None all of them; `tier` is the tier's id."""

    id: UUID
    tier: UUID | None
    since: datetime
    reason: str
