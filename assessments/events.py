"""Facts that assessments announces."""

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from assessments.domain.eligibility import Hindrance, Lesson, Renewal


@dataclass(frozen=True, slots=True)
class SkillScore:
    """The score (0 to 1) in one skill."""

    skill: str
    title: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class LessonsAsked:
    """A question rather than a fact: which lessons of these skills has somebody not finished since then?

    Whoever knows lessons adds to `lessons`; without anybody who does, there is nothing to study.
    """

    test_slug: str
    person_id: UUID
    skills: frozenset[str]
    since: datetime
    lessons: list[Lesson] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RenewalAsked:
    """A question rather than a fact: when may somebody who passed this test sit it anew?

    Whoever knows how long a pass is good for adds to `renewals`, and the one that opens first counts; without any,
    a pass is for ever.
    """

    test_slug: str
    person_id: UUID
    renewals: list[Renewal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HindrancesAsked:
    """A question rather than a fact: what besides the terms of the test keeps somebody from starting it now?

    `starts` are the instants at which the person's sittings that count started. Whoever knows a hindrance adds to
    `hindrances`; without any, the terms of the test decide alone.
    """

    test_slug: str
    person_id: UUID
    starts: tuple[datetime, ...]
    has_passed: bool
    at: datetime
    hindrances: list[Hindrance] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AttemptSubmitted:
    """An attempt was handed in, by the person or because its time was over. Announced before it is graded."""

    attempt_id: UUID
    person_id: UUID
    test_slug: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptReleased:
    """The result of an attempt is told from now on. Announced inside the transaction that releases it.

    Nothing of a result may leave before this: what grading alone knows is announced to nobody.
    """

    attempt_id: UUID
    person_id: UUID
    test_id: UUID
    test_slug: str
    has_passed: bool
    score: Fraction
    skills: tuple[SkillScore, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptRegraded:
    """A released result changed: a key was wrong, or late answers count. Announced in its transaction."""

    result: AttemptReleased  # as it is now
    regrade_id: UUID | None  # none: its late answers count from now on, and its score did not fall
    approved_by: UUID
    reason: str
    had_passed: bool
    old_score: Fraction
