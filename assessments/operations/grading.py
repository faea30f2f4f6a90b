"""Grading: a submitted attempt gets its result, which is told at once or waits for its release."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from assessments.domain.results import Result
from assessments.domain.scores import ItemScore
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.results import ItemResult, SkillResult
from assessments.operations.releasing import announce_result, ask_for_release
from assessments.operations.scoring_attempts import ScoredPosition, result_of, score_attempt
from assessments.queries.tests import TestSummary, get_terms
from lms.db.scope import organisation_of


def grade_attempt(session: Session, *, attempt_id: UUID, at: datetime) -> Result | None:
    """Score every position of a submitted attempt and store the result; announce it where it is released at once.

    None while a scored response waits for a marker: then nothing is stored or announced, and the attempt stays
    submitted. Must be called by whoever holds the attempt's row, so that it is graded once.
    """
    attempt = session.get_one(Attempt, attempt_id)
    positions = score_attempt(session, attempt_id)
    terms = get_terms(session, attempt.test_version_id)
    result = result_of(positions, terms)
    if result is None:
        return None
    is_released = terms.release.is_due(at)
    store_details(session, attempt_id, positions, result, terms)
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.SUBMITTED)
        .values(
            state=AttemptState.GRADED,
            graded_at=at,
            released_at=at if is_released else None,
            score=result.score,
            standard_error=result.standard_error,
            has_passed=result.has_passed,
        )
    )
    if is_released:
        announce_result(session, attempt_id=attempt_id, person_id=attempt.person_id, result=result, terms=terms, at=at)
    elif terms.release.on is not None:
        ask_for_release(session, [attempt_id], at=at, due_at=terms.release.on)
    return result


def store_details(
    session: Session,
    attempt_id: UUID,
    positions: Sequence[ScoredPosition],
    result: Result,
    terms: TestSummary,
) -> None:
    """Store points and skills. What was tried out and marked by nobody has no points, and what was dropped."""
    owner = {"attempt_id": attempt_id, "organisation_id": organisation_of(session)}
    session.execute(
        insert(ItemResult),
        [
            {"position": place.position, "points": place.score.points, "parts": parts_as_json(place.score), **owner}
            for place in positions
            if place.score.is_complete and not place.is_dropped
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


def parts_as_json(score: ItemScore) -> list[dict[str, Any]]:
    """The parts of a score as they are stored."""
    return [
        {"name": part.name, "points": str(part.points), "weight": str(part.weight), "counts": dict(part.counts)}
        for part in score.parts
    ]
