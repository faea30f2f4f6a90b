"""What assessments holds of a person, for export and erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assessments.models.accommodations import Accommodation
from assessments.models.attempts import Attempt, AttemptState, LateDecision, LateResponse, Response
from assessments.models.calibration import Calibration, CalibrationRound
from assessments.models.marks import Mark
from assessments.models.results import PracticeTry, SkillResult
from assessments.queries.accommodations import list_accommodations
from assessments.queries.attempts import list_attempts
from assessments.queries.late_answers import list_late_notices
from assessments.queries.regrades import list_regrade_notices


def export_assessments(session: Session, person_id: UUID) -> dict[str, Any]:
    """Attempts with responses, scores and what markers said, all practice tries, and calibration rounds.

    Of a result that is not released yet nothing is told here either.
    """
    attempts = list_attempts(session, person_id=person_id)
    ids = [attempt.id for attempt in attempts]
    told = [attempt.id for attempt in attempts if attempt.released_at is not None]
    responses = session.scalars(select(Response).where(Response.attempt_id.in_(ids)).order_by(Response.position))
    late = session.scalars(select(LateResponse).where(LateResponse.attempt_id.in_(ids)).order_by(LateResponse.position))
    marks = session.scalars(select(Mark).where(Mark.attempt_id.in_(told)).order_by(Mark.marked_at))
    skills = session.scalars(select(SkillResult).where(SkillResult.attempt_id.in_(told)))
    regrades = list_regrade_notices(session, told)
    decisions = list_late_notices(session, ids)
    tries = session.scalars(select(PracticeTry).where(PracticeTry.person_id == person_id))
    rounds = session.execute(
        select(Calibration.slug, CalibrationRound)
        .join(CalibrationRound, CalibrationRound.calibration_id == Calibration.id)
        .where(CalibrationRound.person_id == person_id)
        .order_by(Calibration.slug, CalibrationRound.number)
    )
    return {
        "attempts": [
            {
                "id": str(attempt.id),
                "test": attempt.test_slug,
                "state": attempt.state,
                "started_at": attempt.started_at.isoformat(),
                "submitted_at": attempt.submitted_at and attempt.submitted_at.isoformat(),
                "deadline_at": attempt.deadline_at.isoformat(),
                "time_percent": attempt.clock.percent,
                "is_untimed": attempt.clock.is_untimed,
                "break_seconds_taken": attempt.clock.break_seconds - attempt.clock.break_seconds_left,
                "outage_credit_seconds": attempt.clock.credit_seconds,
                "score": None if attempt.score is None else float(attempt.score),
                "has_passed": attempt.has_passed,
            }
            for attempt in attempts
        ],
        "responses": [
            {
                "attempt": str(response.attempt_id),
                "position": response.position,
                "response": response.response,
                "saved_at": response.saved_at.isoformat(),
            }
            for response in responses
        ],
        "regrades": [
            {
                "attempt": str(attempt_id),
                "position": change.position,
                "reason": change.reason,
                "old_score": float(change.old_score),
                "new_score": float(change.new_score),
                "at": change.at.isoformat(),
            }
            for attempt_id in told
            for change in regrades.get(attempt_id, [])
        ],
        "late_answers": [
            {
                "attempt": str(answer.attempt_id),
                "position": answer.position,
                "response": answer.response,
                "made_at": answer.made_at.isoformat(),
                "received_at": answer.received_at.isoformat(),
            }
            for answer in late
        ],
        "late_decisions": [
            {
                "attempt": str(attempt_id),
                "is_accepted": decision.is_accepted,
                "reason": decision.reason,
                "old_score": None if decision.old_score is None else float(decision.old_score),
                "new_score": None if decision.new_score is None else float(decision.new_score),
                "at": decision.at.isoformat(),
            }
            for attempt_id, decision in decisions.items()
        ],
        "accommodations": [
            {
                "time_percent": granted.time_percent,
                "break_minutes": granted.break_minutes,
                "is_unlimited": granted.is_unlimited,
                "note": granted.note,
                "granted_at": granted.granted_at.isoformat(),
                "ended_at": granted.ended_at and granted.ended_at.isoformat(),
            }
            for granted in list_accommodations(session, person_id=person_id)
        ],
        "skills": [
            {"attempt": str(skill.attempt_id), "skill": skill.title, "score": float(skill.score)} for skill in skills
        ],
        "marks": [
            {
                "attempt": str(mark.attempt_id),
                "position": mark.position,
                "levels": mark.levels,
                "comment": mark.comment,
                "marked_at": mark.marked_at.isoformat(),
            }
            for mark in marks
        ],
        "practice": [
            {
                "number": attempt.number,
                "response": attempt.response,
                "points": None if attempt.points is None else float(attempt.points),
                "tried_at": attempt.tried_at.isoformat(),
            }
            for attempt in tries
        ],
        "calibration": [
            {
                "calibration": slug,
                "round": made.number,
                "started_at": made.started_at.isoformat(),
                "reached_at": made.reached_at and made.reached_at.isoformat(),
            }
            for slug, made in rounds
        ],
    }


def erase_assessments(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Practice and calibration go; attempts stay without a name, for item statistics; unfinished ones are voided.

    Late answers that count stay like all others that a score rests on; the words about them go.
    """
    session.execute(delete(PracticeTry).where(PracticeTry.person_id == person_id))
    session.execute(delete(Accommodation).where(Accommodation.person_id == person_id))
    session.execute(delete(CalibrationRound).where(CalibrationRound.person_id == person_id))
    own = select(Attempt.id).where(Attempt.person_id == person_id)
    accepted = select(LateDecision.attempt_id).where(LateDecision.attempt_id.in_(own), LateDecision.is_accepted)
    session.execute(
        delete(LateResponse).where(LateResponse.attempt_id.in_(own), LateResponse.attempt_id.not_in(accepted)),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        delete(LateDecision).where(LateDecision.attempt_id.in_(own), ~LateDecision.is_accepted),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(LateDecision).where(LateDecision.attempt_id.in_(own)).values(reason="The person deleted the account."),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(Attempt)
        .where(Attempt.person_id == person_id, Attempt.state.in_((AttemptState.OPEN, AttemptState.SUBMITTED)))
        .values(state=AttemptState.VOIDED, void_reason="The person deleted the account.", break_ends_at=None)
    )
