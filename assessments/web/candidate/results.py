"""The result of an attempt: the verdict with its reasons, per skill, and what comes next. No key is shown."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessments.domain.scores import percent_in_tenths
from assessments.models.attempts import AttemptState
from assessments.queries.attempts import get_attempt, list_skill_results
from assessments.queries.eligibility import eligibility
from assessments.queries.late_answers import list_late_notices, list_late_positions
from assessments.queries.regrades import list_regrade_notices
from assessments.queries.tests import get_terms, get_test
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.candidate.tests import in_words
from assessments.web.explained_results import explain_questions
from lms import clock
from lms.web.transactions import reading


@candidate.get("/attempts/<uuid:attempt_id>/result")
@ANYBODY
def result(attempt_id: UUID) -> ResponseReturnValue:
    now = clock.now()
    with reading() as session:
        attempt = get_attempt(session, attempt_id=attempt_id, person_id=current_user.id)
        may_have_late = attempt.was_submitted_by_deadline or attempt.state is AttemptState.OPEN
        late = list_late_positions(session, attempt_id) if may_have_late else []
        decision = list_late_notices(session, [attempt_id]).get(attempt_id) if late else None
        if attempt.state is not AttemptState.GRADED or attempt.released_at is None:
            release = get_terms(session, attempt.test_version_id).release
            return render_template(
                "assessments/candidate/pending.html",
                attempt=attempt,
                now=now,
                release=release,
                late_answers=late,
                late_decision=decision,
            )
        skills = list_skill_results(session, attempt_id)
        terms = get_test(session, attempt.test_slug)
        verdict = eligibility(session, terms, person_id=current_user.id, at=now)
        questions = explain_questions(session, attempt_id)
        regrades = list_regrade_notices(session, [attempt_id]).get(attempt_id, [])
    return render_template(
        "assessments/candidate/result.html",
        result={
            "attempt_id": attempt.id,
            "person_id": attempt.person_id,
            "test_title": attempt.test_title,
            "test_slug": attempt.test_slug,
            "number": attempt.number,
            "score": attempt.score,
            "standard_error": attempt.standard_error,
            "cut_score": attempt.cut_score,
            "has_passed": attempt.has_passed,
            "started_at": attempt.started_at,
            "submitted_at": attempt.submitted_at,
            "was_submitted_by_deadline": attempt.was_submitted_by_deadline,
            "skills": [
                {
                    "skill": skill.skill,
                    "title": skill.title,
                    "score": skill.score,
                    "count": skill.item_count,
                    "standard_error": skill.standard_error,
                }
                for skill in skills
            ],
            "weak_skills": tuple(skill.skill for skill in skills if skill.score < attempt.cut_score),
        },
        questions=questions,
        regrades=regrades,
        tenths=percent_in_tenths,
        late_answers=late,
        late_decision=decision,
        retake=None if attempt.has_passed else in_words(verdict, now),
        person_id=current_user.id,
    )
