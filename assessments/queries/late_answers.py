"""Late answers: the attempts that have some, for who decides about them, and what was decided, for who sat them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assessments.domain.deadlines import AttemptClock
from assessments.models.attempts import Attempt, AttemptState, LateDecision, LateResponse, Response
from assessments.models.tests import TestVersion
from assessments.queries.attempts import clock_of
from lms.accounts.models import Person
from lms.errors import NotFound

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class LatePosition:
    """When an answer was given, as its device says, and when it arrived; not what it says, nor what it is worth."""

    position: int
    made_at: datetime
    received_at: datetime
    is_saved_in_time: bool  # whether some answer was stored there by the deadline


@dataclass(frozen=True, slots=True)
class LateAttempt:
    """An attempt with late answers, and what was decided about them; nothing of its result."""

    id: UUID
    person_id: UUID
    person_name: str
    person_email: str | None
    test_title: str
    number: int
    state: AttemptState
    deadline_at: datetime
    clock: AttemptClock
    is_accepted: bool | None  # none: nobody has decided yet
    reason: str | None
    decided_by: UUID | None
    decided_at: datetime | None
    answers: tuple[LatePosition, ...]  # by position, one at least

    @property
    def made_from(self) -> datetime:
        return min(answer.made_at for answer in self.answers)

    @property
    def made_to(self) -> datetime:
        return max(answer.made_at for answer in self.answers)

    @property
    def received_at(self) -> datetime:
        """When the last of them arrived."""
        return max(answer.received_at for answer in self.answers)

    @property
    def saved_in_time(self) -> int:
        """At how many of these questions some answer was stored by the deadline."""
        return sum(answer.is_saved_in_time for answer in self.answers)


@dataclass(frozen=True, slots=True)
class LateNotice:
    """What somebody is told of the decision on their late answers; scores only where they knew the old one."""

    is_accepted: bool
    reason: str
    at: datetime
    old_score: Fraction | None
    new_score: Fraction | None
    had_passed: bool | None
    has_passed: bool | None


def list_late_positions(session: Session, attempt_id: UUID) -> Sequence[LateResponse]:
    """The late answers of one attempt, by position."""
    found = select(LateResponse).where(LateResponse.attempt_id == attempt_id).order_by(LateResponse.position)
    return session.scalars(found).all()


def list_late_notices(session: Session, attempt_ids: Collection[UUID]) -> dict[UUID, LateNotice]:
    """What was decided about the late answers of these attempts."""
    decisions = session.scalars(select(LateDecision).where(LateDecision.attempt_id.in_(attempt_ids)))
    return {one.attempt_id: _notice(one) for one in decisions}


def list_late_attempts(session: Session) -> list[LateAttempt]:
    """Those that wait, the longest waiting first, then those decided, the latest first; `MOST_LISTED` at most."""
    arrived = (
        select(LateResponse.attempt_id, func.max(LateResponse.received_at).label("at"))
        .group_by(LateResponse.attempt_id)
        .subquery()
    )
    found = _attempts().join(arrived, arrived.c.attempt_id == Attempt.id)
    is_decided = LateDecision.decided_at.is_not(None)  # false comes first
    order = (is_decided, LateDecision.decided_at.desc(), arrived.c.at, Attempt.id)
    return _with_answers(session, found.order_by(*order).limit(MOST_LISTED))


def get_late_attempt(session: Session, attempt_id: UUID) -> LateAttempt:
    """Raises NotFound also for an attempt without late answers."""
    found = _with_answers(session, _attempts().where(Attempt.id == attempt_id))
    if not found or not found[0].answers:
        raise NotFound("There is no such attempt with late answers.")
    return found[0]


def _attempts() -> Any:
    return (
        select(Attempt, TestVersion.title, TestVersion.limit_seconds, Person.name, Person.email, LateDecision)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(LateDecision, LateDecision.attempt_id == Attempt.id)
    )


def _with_answers(session: Session, found: Select[Any]) -> list[LateAttempt]:
    rows: Any = session.execute(found).all()
    answers = _answers(session, [attempt.id for attempt, *_rest in rows])
    return [
        LateAttempt(
            id=attempt.id,
            person_id=attempt.person_id,
            person_name=name,
            person_email=email,
            test_title=title,
            number=attempt.number,
            state=attempt.state,
            deadline_at=attempt.deadline_at,
            clock=clock_of(attempt, limit),
            is_accepted=decision and decision.is_accepted,
            reason=decision and decision.reason,
            decided_by=decision and decision.decided_by,
            decided_at=decision and decision.decided_at,
            answers=tuple(answers[attempt.id]),
        )
        for attempt, title, limit, name, email, decision in rows
    ]


def _answers(session: Session, attempt_ids: Collection[UUID]) -> dict[UUID, list[LatePosition]]:
    rows = session.execute(
        select(
            LateResponse.attempt_id,
            LateResponse.position,
            LateResponse.made_at,
            LateResponse.received_at,
            Response.position.is_not(None),
        )
        .outerjoin(
            Response,
            (Response.attempt_id == LateResponse.attempt_id) & (Response.position == LateResponse.position),
        )
        .where(LateResponse.attempt_id.in_(attempt_ids))
        .order_by(LateResponse.attempt_id, LateResponse.position)
    )
    answers: dict[UUID, list[LatePosition]] = defaultdict(list)
    for attempt_id, position, made_at, received_at, is_saved in rows:
        answers[attempt_id].append(LatePosition(position, made_at, received_at, bool(is_saved)))
    return answers


def _notice(decision: LateDecision) -> LateNotice:
    is_told = decision.was_released
    return LateNotice(
        is_accepted=decision.is_accepted,
        reason=decision.reason,
        at=decision.decided_at,
        old_score=decision.old_score if is_told else None,
        new_score=decision.new_score if is_told else None,
        had_passed=decision.had_passed if is_told else None,
        has_passed=decision.has_passed if is_told else None,
    )
