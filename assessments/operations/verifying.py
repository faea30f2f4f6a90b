"""Verifying: results computed anew from frozen versions, answers, marks, regrades and terms, against those stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import isclose
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assessments.domain.results import Result
from assessments.domain.scores import as_stored
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.results import ItemResult, SkillResult
from assessments.models.tests import Test
from assessments.operations.scoring_attempts import ScoredPosition, result_of, score_attempts
from assessments.queries.tests import TestSummary, get_terms
from lms.errors import NotFound

BATCH = 200  # attempts that are held at once, whatever the range
SLACK = 1e-12  # of a standard error, which is a float


@dataclass(frozen=True, slots=True)
class Range:
    """Which attempts: of one test, handed in from one instant and before another, or a single one; all unless told."""

    test_slug: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    attempt_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A value of a result that is stored otherwise than it is computed; None stands for nothing at all."""

    attempt_id: UUID
    what: str
    stored: object
    computed: object

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.what}: stored {_shown(self.stored)}, computed {_shown(self.computed)}"


def count_attempts(session: Session, range: Range) -> int:
    """How many graded attempts there are in the range. Raises NotFound without such a test."""
    counting = select(func.count()).select_from(Attempt).where(*_criteria(session, range))
    return session.scalars(counting).one()


def verify_batch(session: Session, range: Range, *, after: UUID | None) -> tuple[int, UUID | None, list[Discrepancy]]:
    """Verify the next attempts in the order of their ids: how many, the last of them (None: no more), what differs."""
    wanted = select(Attempt).where(*_criteria(session, range)).order_by(Attempt.id).limit(BATCH)
    attempts = session.scalars(wanted if after is None else wanted.where(Attempt.id > after)).all()
    ids = [attempt.id for attempt in attempts]
    if not ids:
        return 0, None, []
    scored = score_attempts(session, ids)
    points, skills = _stored_points(session, ids), _stored_skills(session, ids)
    terms: dict[UUID, TestSummary] = {}
    found: list[Discrepancy] = []
    for attempt in attempts:
        version_id = attempt.test_version_id
        if version_id not in terms:
            terms[version_id] = get_terms(session, version_id)
        positions = scored[attempt.id]
        result = result_of(positions, terms[version_id])
        found += _total_differences(attempt, result)
        found += _point_differences(attempt.id, positions, points[attempt.id])
        if result is not None:
            found += _skill_differences(attempt.id, result, skills[attempt.id])
    return len(ids), ids[-1] if len(ids) == BATCH else None, found


def _criteria(session: Session, range: Range) -> list[ColumnElement[bool]]:
    meant = [Attempt.state == AttemptState.GRADED]
    if range.test_slug is not None:
        test_id = session.scalars(select(Test.id).where(Test.slug == range.test_slug)).one_or_none()
        if test_id is None:
            raise NotFound(f"There is no test {range.test_slug}.")
        meant.append(Attempt.test_id == test_id)
    if range.start is not None:
        meant.append(Attempt.submitted_at >= range.start)
    if range.end is not None:
        meant.append(Attempt.submitted_at < range.end)
    if range.attempt_id is not None:
        meant.append(Attempt.id == range.attempt_id)
    return meant


def _total_differences(attempt: Attempt, result: Result | None) -> Iterator[Discrepancy]:
    if result is None:
        yield Discrepancy(attempt.id, "result", attempt.score, "none: a response waits for a marker")
        return
    if attempt.score != as_stored(result.score):
        yield Discrepancy(attempt.id, "total", attempt.score, as_stored(result.score))
    if attempt.has_passed is not result.has_passed:
        yield Discrepancy(attempt.id, "verdict", attempt.has_passed, result.has_passed)
    if not _is_close(attempt.standard_error, result.standard_error):
        yield Discrepancy(attempt.id, "standard error", attempt.standard_error, result.standard_error)


def _point_differences(
    attempt_id: UUID, positions: Sequence[ScoredPosition], stored: Mapping[int, Fraction]
) -> Iterator[Discrepancy]:
    computed = {
        place.position: as_stored(place.score.points)
        for place in positions
        if place.score.is_complete and not place.is_dropped
    }
    for position in sorted(computed.keys() | stored.keys()):
        if computed.get(position) != stored.get(position):
            yield Discrepancy(
                attempt_id, f"points at position {position}", stored.get(position), computed.get(position)
            )


def _skill_differences(attempt_id: UUID, result: Result, stored: Sequence[Any]) -> Iterator[Discrepancy]:
    computed = {one.skill: one for one in result.skills}
    kept = {one.skill: one for one in stored}
    for skill in sorted(computed.keys() | kept.keys()):
        ours, theirs = computed.get(skill), kept.get(skill)
        if ours is None or theirs is None:
            yield Discrepancy(attempt_id, f"skill {skill}", theirs and theirs.score, ours and as_stored(ours.score))
            continue
        if theirs.score != as_stored(ours.score):
            yield Discrepancy(attempt_id, f"skill {skill}", theirs.score, as_stored(ours.score))
        if theirs.item_count != ours.count:
            yield Discrepancy(attempt_id, f"questions of skill {skill}", theirs.item_count, ours.count)
        if not _is_close(theirs.standard_error, ours.standard_error):
            yield Discrepancy(
                attempt_id, f"standard error of skill {skill}", theirs.standard_error, ours.standard_error
            )


def _stored_points(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[int, Fraction]]:
    rows = session.execute(
        select(ItemResult.attempt_id, ItemResult.position, ItemResult.points).where(ItemResult.attempt_id.in_(ids))
    )
    points: dict[UUID, dict[int, Fraction]] = defaultdict(dict)
    for attempt_id, position, given in rows:
        points[attempt_id][position] = given
    return points


def _stored_skills(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, list[Any]]:
    rows = session.execute(
        select(
            SkillResult.attempt_id,
            SkillResult.skill,
            SkillResult.score,
            SkillResult.item_count,
            SkillResult.standard_error,
        ).where(SkillResult.attempt_id.in_(ids))
    )
    skills: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        skills[row.attempt_id].append(row)
    return skills


def _is_close(stored: float | None, computed: float | None) -> bool:
    if stored is None or computed is None:
        return stored is computed
    return isclose(stored, computed, rel_tol=SLACK, abs_tol=SLACK)


def _shown(value: object) -> str:
    return f"{float(value):.8f}" if isinstance(value, Fraction) else "nothing" if value is None else str(value)
