"""Whether a person may start a test now, and why not: policy, earlier attempts, and what is to be studied first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.eligibility import Eligibility, Hindrance, Lesson, Renewal, Sitting, decide_eligibility
from assessments.events import HindrancesAsked, LessonsAsked, RenewalAsked
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.results import SkillResult
from assessments.models.tests import TestVersion
from assessments.queries.attempts import AttemptSummary
from assessments.queries.tests import TestSummary
from assessments.queries.untold import told
from lms.events import announce


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict, and what it knew of: the open attempt, and the last number, which a start after it must exceed."""

    verdict: Eligibility
    last_number: int
    open_id: UUID | None


def eligibility(session: Session, test: TestSummary, *, person_id: UUID, at: datetime) -> Eligibility:
    """Whether a person may start a test now, and why not. A result that is not released yet is still awaited here."""
    return standing(session, test, person_id=person_id, at=at).verdict


def eligibility_by(
    session: Session, test: TestSummary, attempts: Sequence[AttemptSummary], *, person_id: UUID, at: datetime
) -> Eligibility:
    """The same, where the person's attempts at this test were read already."""
    return _standing(session, test, sorted(attempts, key=lambda one: one.number), person_id, at).verdict


def standing(session: Session, test: TestSummary, *, person_id: UUID, at: datetime) -> Standing:
    """The same, for whoever starts: one statement; two more where study comes first, and one after a pass."""
    return _standing(session, test, _sittings(session, [test.id], person_id), person_id, at)


def eligibilities(
    session: Session, tests: Sequence[TestSummary], *, person_id: UUID, at: datetime
) -> dict[str, Eligibility]:
    """Whether a person may start each of these tests now, by slug: one statement for all of them, as a rule."""
    rows = _sittings(session, [test.id for test in tests], person_id) if tests else []
    return {
        test.slug: _standing(session, test, [row for row in rows if row.test_id == test.id], person_id, at).verdict
        for test in tests
    }


def _sittings(session: Session, tests: Sequence[UUID], person_id: UUID) -> list[Any]:
    return list(
        session.execute(
            select(
                Attempt.id,
                Attempt.test_id,
                Attempt.number,
                Attempt.state,
                Attempt.started_at,
                Attempt.submitted_at,
                told(Attempt.has_passed),
            )
            .where(Attempt.test_id.in_(tests), Attempt.person_id == person_id)
            .order_by(Attempt.number)
        )
    )


def _standing(session: Session, test: TestSummary, rows: list[Any], person_id: UUID, at: datetime) -> Standing:
    counting = [row for row in rows if row.state is not AttemptState.VOIDED]
    results = [row for row in counting if row.submitted_at and row.has_passed is not None]
    last_failed = results[-1] if results and not results[-1].has_passed else None
    to_study: tuple[Lesson, ...] = ()
    if last_failed is not None and test.study_first:
        to_study = _to_study(session, test, person_id, last_failed.id, last_failed.submitted_at)
    renewal = _renewal(session, test, person_id) if any(row.has_passed for row in results) else None
    sittings = [Sitting(row.started_at, row.submitted_at, row.has_passed) for row in counting]
    hindrances = _hindrances(session, test, person_id, sittings, at)
    verdict = decide_eligibility(test.retake_policy, sittings, at, to_study, renewal, hindrances)
    open_id = next((row.id for row in rows if row.state is AttemptState.OPEN), None)
    return Standing(verdict, rows[-1].number if rows else 0, open_id)


def _renewal(session: Session, test: TestSummary, person_id: UUID) -> Renewal | None:
    """What the upper floors say about sitting a passed test anew."""
    question = RenewalAsked(test.slug, person_id)
    announce(session, question)
    return min(question.renewals, key=lambda renewal: renewal.opens_at, default=None)


def _hindrances(
    session: Session, test: TestSummary, person_id: UUID, sittings: list[Sitting], at: datetime
) -> tuple[Hindrance, ...]:
    """What the upper floors have against a start now."""
    starts = tuple(sitting.started_at for sitting in sittings)
    has_passed = any(sitting.has_passed for sitting in sittings)
    question = HindrancesAsked(test.slug, person_id, starts, has_passed, at)
    announce(session, question)
    return tuple(question.hindrances)


def _to_study(
    session: Session, test: TestSummary, person_id: UUID, failed_id: UUID, failed_at: datetime
) -> tuple[Lesson, ...]:
    """The lessons of the skills that were weak which were not finished since; the upper floors know them."""
    weak = session.scalars(
        select(SkillResult.skill)
        .join(Attempt, Attempt.id == SkillResult.attempt_id)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
        .where(SkillResult.attempt_id == failed_id, SkillResult.score < TestVersion.cut_score)
    )
    question = LessonsAsked(test.slug, person_id, frozenset(weak), failed_at)
    announce(session, question)
    return tuple(question.lessons)
