"""Releases: how many results of each test are out, and how many wait for their marks, their date or a manager."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.release import ReleasePolicy, ReleaseWay
from assessments.models.attempts import Attempt, AttemptState
from assessments.queries.tests import list_tests


@dataclass(frozen=True, slots=True)
class ReleaseCounts:
    """Attempts of a test that were handed in: still being marked, and graded but not told."""

    being_marked: int = 0
    unreleased: int = 0


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A test in the list of releases."""

    slug: str
    title: str
    policy: ReleasePolicy
    counts: ReleaseCounts


def count_releases(session: Session, test_id: UUID) -> ReleaseCounts:
    """What of one test is not told yet."""
    return _counted(session, test_id).get(test_id, ReleaseCounts())


def list_releases(session: Session) -> list[ReleaseLine]:
    """Every test whose results do not come out at once, or of which some have not; by title. Two statements."""
    counts = _counted(session)
    nothing = ReleaseCounts()
    lines = [
        ReleaseLine(test.slug, test.title, test.release, counts.get(test.id, nothing)) for test in list_tests(session)
    ]
    return [line for line in lines if line.policy.way is not ReleaseWay.AT_ONCE or line.counts.unreleased]


def list_unreleased(session: Session, test_id: UUID) -> Sequence[UUID]:
    """The attempts of a test that are graded and not told, in the order in which they were handed in."""
    return session.scalars(
        select(Attempt.id)
        .where(Attempt.test_id == test_id, Attempt.state == AttemptState.GRADED, Attempt.released_at.is_(None))
        .order_by(Attempt.submitted_at, Attempt.id)
    ).all()


def _counted(session: Session, test_id: UUID | None = None) -> dict[UUID, ReleaseCounts]:
    """An index holds what is not told yet: what is told is not looked at, however much there is of it."""
    counting = (
        select(Attempt.test_id, Attempt.state, func.count())
        .where(Attempt.released_at.is_(None), Attempt.state.in_((AttemptState.SUBMITTED, AttemptState.GRADED)))
        .group_by(Attempt.test_id, Attempt.state)
    )
    if test_id is not None:
        counting = counting.where(Attempt.test_id == test_id)
    found: dict[UUID, dict[AttemptState, int]] = defaultdict(dict)
    for one, state, count in session.execute(counting):
        found[one][state] = count
    return {
        one: ReleaseCounts(states.get(AttemptState.SUBMITTED, 0), states.get(AttemptState.GRADED, 0))
        for one, states in found.items()
    }
