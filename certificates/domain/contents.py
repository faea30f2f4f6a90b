"""What a certificate says: all of it for its holder, and the little that a stranger may verify."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from certificates.domain.standing import CertificateState, Standing, standing_at


@dataclass(frozen=True, slots=True)
class SkillShown:
    """The score (0 to 1) in a skill, as it was at issue."""

    skill: str
    title: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class CertificateView:
    """Everything that a certificate says."""

    id: str
    attempt_id: UUID
    slug: str
    achievement: str
    description: str
    criteria: str
    holder_name: str
    issuer: str
    issued_at: datetime
    valid_until: datetime
    state: CertificateState
    state_reason: str | None
    score: Fraction
    cut_score: Fraction
    skills: tuple[SkillShown, ...]

    def standing(self, at: datetime) -> Standing:
        return standing_at(self.state, self.valid_until, at)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a stranger learns from an id: no score, no reason, no address."""

    id: str
    achievement: str
    criteria: str
    holder_name: str
    issuer: str
    issued_at: datetime
    valid_until: datetime
    standing: Standing
