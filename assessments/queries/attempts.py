"""Attempts: the sitting as its candidate sees it; never a key, and no score before it is released."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from assessments.domain.deadlines import AttemptClock
from assessments.models.attempts import Attempt, AttemptState, FormItem, Response
from assessments.models.results import SkillResult
from assessments.models.tests import Test, TestVersion
from lms.db.bounded_cache import BoundedCache
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """One sitting: what may be listed of it."""

    id: UUID
    person_id: UUID
    test_version_id: UUID
    test_slug: str
    test_title: str
    number: int
    state: AttemptState
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None
    was_submitted_by_deadline: bool
    released_at: datetime | None
    score: Fraction | None  # this and the next two are None until the result is released
    standard_error: float | None
    has_passed: bool | None
    cut_score: Fraction
    pen_epoch: int
    pen_holder: str | None
    clock: AttemptClock


@dataclass(frozen=True, slots=True)
class Place:
    """One position of a form; the form of an attempt never changes."""

    position: int
    section: int
    version_id: UUID


@dataclass(frozen=True, slots=True)
class Stored:
    """A response as it was last saved."""

    response: dict[str, Any]
    sequence: int
    idempotency_key: UUID | None = None


_forms: BoundedCache[UUID, tuple[Place, ...]] = BoundedCache(8192)


def get_attempt(session: Session, *, attempt_id: UUID, person_id: UUID) -> AttemptSummary:
    """Raises NotFound also when the attempt is somebody else's."""
    row = session.execute(_OWN_ATTEMPT, {"attempt": attempt_id, "person": person_id}).one_or_none()
    if row is None:
        raise NotFound("There is no such attempt among yours.")
    return _summary(*row)


def list_attempts(session: Session, *, person_id: UUID) -> list[AttemptSummary]:
    """The attempts of a person, newest first."""
    rows = session.execute(_attempts().where(Attempt.person_id == person_id).order_by(Attempt.started_at.desc()))
    return [_summary(*row) for row in rows]


def get_form(session: Session, attempt_id: UUID) -> tuple[Place, ...]:
    """The form of an attempt in order of position; empty when there is no such attempt."""

    def load(missing: list[UUID]) -> dict[UUID, tuple[Place, ...]]:
        rows = session.execute(
            select(FormItem.position, FormItem.section, FormItem.item_version_id)
            .where(FormItem.attempt_id == attempt_id)
            .order_by(FormItem.position)
        )
        form = tuple(Place(*row) for row in rows)
        return {attempt_id: form} if form else {}

    return _forms.get_all([attempt_id], load).get(attempt_id, ())


def get_responses(session: Session, attempt_id: UUID) -> dict[int, Stored]:
    """What is saved of an attempt, by position."""
    rows = session.execute(_RESPONSES, {"attempt": attempt_id})
    return {position: Stored(response, sequence) for position, response, sequence in rows}


def find_response(session: Session, *, attempt_id: UUID, position: int) -> Stored | None:
    """What is saved at one position."""
    row = session.execute(
        select(Response.response, Response.sequence, Response.idempotency_key).where(
            Response.attempt_id == attempt_id, Response.position == position
        )
    ).one_or_none()
    return Stored(*row) if row else None


def list_skill_results(session: Session, attempt_id: UUID) -> Sequence[SkillResult]:
    """The score per skill of a released attempt; nothing before."""
    found = (
        select(SkillResult)
        .join(Attempt, Attempt.id == SkillResult.attempt_id)
        .where(SkillResult.attempt_id == attempt_id, Attempt.released_at.is_not(None))
        .order_by(SkillResult.rank)
    )
    return session.scalars(found).all()


def clock_of(attempt: Attempt, limit_seconds: int) -> AttemptClock:
    """What the time of an attempt is made of; its stored deadline is the truth."""
    clock = AttemptClock(
        started_at=attempt.started_at,
        limit=timedelta(seconds=limit_seconds),
        percent=attempt.time_percent,
        is_untimed=attempt.is_untimed,
        break_seconds=attempt.break_seconds,
        break_seconds_left=attempt.break_seconds_left,
        break_ends_at=attempt.break_ends_at,
        credit_seconds=attempt.credit_seconds,
    )
    return replace(clock, moved=attempt.deadline_at - clock.deadline)


def _attempts() -> Select[Attempt, str, str, Fraction, int]:
    return (
        select(Attempt, Test.slug, TestVersion.title, TestVersion.cut_score, TestVersion.limit_seconds)
        .join(Test, Test.id == Attempt.test_id)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
    )


def _summary(attempt: Attempt, slug: str, title: str, cut_score: Fraction, limit: int) -> AttemptSummary:
    """Before the release nothing of the result goes into it, so that no page can show it."""
    is_told = attempt.released_at is not None
    return AttemptSummary(
        id=attempt.id,
        person_id=attempt.person_id,
        test_version_id=attempt.test_version_id,
        test_slug=slug,
        test_title=title,
        number=attempt.number,
        state=attempt.state,
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        submitted_at=attempt.submitted_at,
        was_submitted_by_deadline=attempt.was_submitted_by_deadline,
        released_at=attempt.released_at,
        score=attempt.score if is_told else None,
        standard_error=attempt.standard_error if is_told else None,
        has_passed=attempt.has_passed if is_told else None,
        cut_score=cut_score,
        pen_epoch=attempt.pen_epoch,
        pen_holder=attempt.pen_holder,
        clock=clock_of(attempt, limit),
    )


# Put together once: every page of an attempt asks them.
_OWN_ATTEMPT = _attempts().where(Attempt.id == bindparam("attempt"), Attempt.person_id == bindparam("person"))
_RESPONSES = select(Response.position, Response.response, Response.sequence).where(
    Response.attempt_id == bindparam("attempt")
)
