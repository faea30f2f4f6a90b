"""Released results of the people who let the organisation see them, page by page; never anything before release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState
from assessments.models.results import SkillResult
from assessments.models.tests import Test, TestVersion
from lms.db.keyset import beyond
from lms.members.consents import ConsentScope, consenting


@dataclass(frozen=True, slots=True)
class SkillScored:
    """The score in one skill."""

    skill: str
    title: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class ReleasedResult:
    """The result of one attempt, as its person was told it."""

    attempt_id: UUID
    person_id: UUID
    test_slug: str
    number: int
    submitted_at: datetime
    released_at: datetime
    score: Fraction
    cut_score: Fraction
    has_passed: bool
    skills: tuple[SkillScored, ...]


def page_released(
    session: Session,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    person_id: UUID | None = None,
    test_slug: str | None = None,
) -> list[ReleasedResult]:
    """The results that were released last come first; two statements, however many."""
    wanted = (
        select(Attempt, Test.slug, TestVersion.cut_score)
        .join(Test, Test.id == Attempt.test_id)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
        .where(
            Attempt.released_at.is_not(None),
            Attempt.state == AttemptState.GRADED,
            Attempt.person_id.in_(consenting(session, scope=ConsentScope.RESULTS)),
        )
        .order_by(Attempt.released_at.desc(), Attempt.id.desc())
        .limit(limit)
    )
    if person_id is not None:
        wanted = wanted.where(Attempt.person_id == person_id)
    if test_slug is not None:
        wanted = wanted.where(Test.slug == test_slug)
    if after is not None:
        wanted = wanted.where(beyond([Attempt.released_at, Attempt.id], after, descending=True))
    rows = session.execute(wanted).all()
    skills = _skills(session, [attempt.id for attempt, *_ in rows])
    return [_released(attempt, slug, cut, skills.get(attempt.id, ())) for attempt, slug, cut in rows]


def _skills(session: Session, attempt_ids: Sequence[UUID]) -> dict[UUID, tuple[SkillScored, ...]]:
    found: dict[UUID, tuple[SkillScored, ...]] = {}
    rows = session.scalars(
        select(SkillResult)
        .where(SkillResult.attempt_id.in_(attempt_ids))
        .order_by(SkillResult.attempt_id, SkillResult.rank)
    )
    for row in rows:
        found[row.attempt_id] = (*found.get(row.attempt_id, ()), SkillScored(row.skill, row.title, row.score))
    return found


def _released(attempt: Attempt, slug: str, cut: Fraction, skills: tuple[SkillScored, ...]) -> ReleasedResult:
    assert attempt.submitted_at is not None
    assert attempt.released_at is not None
    assert attempt.score is not None
    return ReleasedResult(
        attempt_id=attempt.id,
        person_id=attempt.person_id,
        test_slug=slug,
        number=attempt.number,
        submitted_at=attempt.submitted_at,
        released_at=attempt.released_at,
        score=attempt.score,
        cut_score=cut,
        has_passed=bool(attempt.has_passed),
        skills=skills,
    )
