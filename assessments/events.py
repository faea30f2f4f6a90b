"""Facts that assessments announces."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SkillScore:
    """The score (0 to 1) in one skill."""

    skill: str
    title: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class AttemptGraded:
    """An attempt has its result. Announced inside the transaction that grades."""

    attempt_id: UUID
    person_id: UUID
    test_id: UUID
    test_slug: str
    has_passed: bool
    score: Fraction
    skills: tuple[SkillScore, ...]
    at: datetime
