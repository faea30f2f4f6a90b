"""Grading: the score is a pure function of the frozen versions, the accepted answers and the terms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.results import GradedItem, Result, grade
from assessments.domain.scores import ItemScore
from assessments.events import AttemptGraded, SkillScore
from assessments.models.attempts import Attempt, AttemptState, FormItem
from assessments.models.items import AnswerKey
from assessments.models.results import ItemResult, SkillResult
from assessments.queries.attempts import get_responses
from assessments.queries.tests import TestSummary, get_terms
from assessments.queries.versions import get_versions
from lms.db.scope import organisation_of
from lms.events import announce


def grade_attempt(session: Session, *, attempt_id: UUID, at: datetime) -> Result:
    """Score every position of a submitted attempt, store the result and announce it."""
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    terms = get_terms(session, attempt.test_version_id)
    scored = score_positions(session, attempt_id)
    result = grade([GradedItem(skill, score.points) for skill, score in scored], terms.cut_score)
    _store(session, attempt_id, scored, result, terms, at)
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


def score_positions(session: Session, attempt_id: UUID) -> list[tuple[str, ItemScore]]:
    """The skill and score of each position in order; a position without a response is scored as empty."""
    rows = session.execute(
        select(FormItem.position, FormItem.item_version_id, AnswerKey.key)
        .join(AnswerKey, AnswerKey.id == FormItem.answer_key_id)
        .where(FormItem.attempt_id == attempt_id)
        .order_by(FormItem.position)
    ).all()
    versions = get_versions(session, [row[1] for row in rows])
    responses = get_responses(session, attempt_id)
    scored = []
    for position, version_id, key in rows:
        version = versions[version_id]
        kind = item_type(version.type)
        answered = responses[position].response if position in responses else {}
        score = kind.score(version.content, kind.key.model_validate(key), kind.response.model_validate(answered))
        scored.append((version.skill, score))
    return scored


def _store(
    session: Session,
    attempt_id: UUID,
    scored: list[tuple[str, ItemScore]],
    result: Result,
    terms: TestSummary,
    at: datetime,
) -> None:
    owner = {"attempt_id": attempt_id, "organisation_id": organisation_of(session)}
    session.execute(
        insert(ItemResult),
        [
            {"position": position, "points": score.points, "parts": _parts(score), **owner}
            for position, (_skill, score) in enumerate(scored, start=1)
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


def _parts(score: ItemScore) -> list[dict[str, str]]:
    return [{"name": part.name, "points": str(part.points), "weight": str(part.weight)} for part in score.parts]
