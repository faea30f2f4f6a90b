"""Grading: the score is a pure function of the frozen versions, the accepted answers, the marks and the terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.results import GradedItem, Result, grade
from assessments.domain.schemas.parts import Criterion
from assessments.domain.scores import ItemScore, with_marks
from assessments.domain.scoring.marking import criteria_of, points_of_marks
from assessments.events import AttemptGraded, SkillScore
from assessments.models.attempts import Attempt, AttemptState, FormItem
from assessments.models.items import AnswerKey
from assessments.models.results import ItemResult, SkillResult
from assessments.queries.attempts import get_responses
from assessments.queries.marking import marks_of
from assessments.queries.tests import TestSummary, get_terms
from assessments.queries.versions import get_versions
from lms.db.scope import organisation_of
from lms.events import announce


@dataclass(frozen=True, slots=True)
class ScoredPosition:
    """The score of one position of a form. A position that is not scored is tried out: it counts for nothing."""

    position: int
    skill: str
    is_scored: bool
    score: ItemScore
    criteria: tuple[Criterion, ...]  # by which markers judge what waits


def grade_attempt(session: Session, *, attempt_id: UUID, at: datetime) -> Result | None:
    """Score every position of a submitted attempt, store the result and announce it.

    None while a scored response waits for a marker: then nothing is stored or announced, and the attempt stays
    submitted. Must be called by whoever holds the attempt's row, so that it is graded once.
    """
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    positions = score_positions(session, attempt_id)
    counting = [place for place in positions if place.is_scored]
    if not all(place.score.is_complete for place in counting):
        return None
    terms = get_terms(session, attempt.test_version_id)
    result = grade([GradedItem(place.skill, place.score.points) for place in counting], terms.cut_score)
    _store(session, attempt_id, positions, result, terms, at)
    announce(
        session,
        AttemptGraded(
            attempt_id=attempt_id,
            person_id=attempt.person_id,
            test_id=terms.id,
            test_slug=terms.slug,
            has_passed=result.has_passed,
            score=result.score,
            skills=tuple(
                SkillScore(skill.skill, terms.skill_titles[skill.skill], skill.score) for skill in result.skills
            ),
            at=at,
        ),
    )
    return result


def score_positions(session: Session, attempt_id: UUID) -> list[ScoredPosition]:
    """Every position in order; without a response it is scored as empty, with marks it waits no more."""
    rows = session.execute(
        select(FormItem.position, FormItem.is_scored, FormItem.item_version_id, AnswerKey.key)
        .join(AnswerKey, AnswerKey.id == FormItem.answer_key_id)
        .where(FormItem.attempt_id == attempt_id)
        .order_by(FormItem.position)
    ).all()
    versions = get_versions(session, [row[2] for row in rows])
    responses = get_responses(session, attempt_id)
    scored = []
    for position, is_scored, version_id, key in rows:
        version = versions[version_id]
        kind = item_type(version.type)
        answered = responses[position].response if position in responses else {}
        score = kind.score(version.content, kind.key.model_validate(key), kind.response.model_validate(answered))
        scored.append(ScoredPosition(position, version.skill, is_scored, score, criteria_of(version.content)))
    if any(place.score.waiting for place in scored):
        marks = marks_of(session, attempt_id)
        return [_marked(place, marks.get(place.position, ())) for place in scored]
    return scored


def _marked(place: ScoredPosition, marks: Sequence[Mapping[str, int]]) -> ScoredPosition:
    if not marks or not place.score.waiting:
        return place
    points = points_of_marks(place.criteria, marks)
    return replace(place, score=with_marks(place.score, dict.fromkeys(place.score.waiting, points)))


def _store(
    session: Session,
    attempt_id: UUID,
    positions: Sequence[ScoredPosition],
    result: Result,
    terms: TestSummary,
    at: datetime,
) -> None:
    """Store points and result; a position that was tried out and that nobody marked has no points to store."""
    owner = {"attempt_id": attempt_id, "organisation_id": organisation_of(session)}
    session.execute(
        insert(ItemResult),
        [
            {"position": place.position, "points": place.score.points, "parts": _parts(place.score), **owner}
            for place in positions
            if place.score.is_complete
        ],
    )
    session.execute(
        insert(SkillResult),
        [
            {
                "rank": rank,
                "skill": skill.skill,
                "title": terms.skill_titles[skill.skill],
                "score": skill.score,
                "item_count": skill.count,
                "standard_error": skill.standard_error,
                **owner,
            }
            for rank, skill in enumerate(result.skills, start=1)
        ],
    )
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.SUBMITTED)
        .values(
            state=AttemptState.GRADED,
            graded_at=at,
            score=result.score,
            standard_error=result.standard_error,
            has_passed=result.has_passed,
        )
    )


def _parts(score: ItemScore) -> list[dict[str, Any]]:
    return [
        {"name": part.name, "points": str(part.points), "weight": str(part.weight), "counts": dict(part.counts)}
        for part in score.parts
    ]
