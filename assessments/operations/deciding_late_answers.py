"""Deciding on late answers: a manager lets those of an attempt count, or leaves them out; all of them, and once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.results import Result
from assessments.domain.scores import as_stored
from assessments.events import AttemptRegraded
from assessments.models.attempts import Attempt, AttemptState, LateDecision, LateResponse
from assessments.models.results import ItemResult
from assessments.operations.releasing import stored_result
from assessments.operations.replacing_results import replace_result, scores_in_words, skills_as_json, verdict_in_words
from assessments.operations.scoring_attempts import ScoredPosition, result_of, score_attempt, score_attempts
from assessments.queries.tests import TestSummary, get_terms
from lms.accounts.models import Person
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.events import announce
from lms.mail.operations import send_mail

LONGEST_REASON = 1000  # characters


def decide_late_answers(
    session: Session, *, attempt_id: UUID, is_accepted: bool, reason: str, person_id: UUID, base_url: str, at: datetime
) -> None:
    """Let the late answers of an attempt count, or leave them out; write to the person, and tell what changed.

    Raises NotFound without late answers, NotAllowed for whoever sat the attempt, Invalid without a reason. Raises
    Conflict, and changes nothing, when it was decided before, while the attempt has no result, while its result is
    being computed anew, and where the answers would need a marker or lower the score.
    """
    attempt = _held(session, attempt_id)
    if attempt.person_id == person_id:
        raise NotAllowed(_("Nobody decides about late answers of their own. Ask another manager."))
    if session.get(LateDecision, attempt_id, populate_existing=True) is not None:
        raise Conflict(_("It was decided already whether these late answers count. A decision is final."))
    _refuse_unless_graded(attempt)
    decision = LateDecision(
        attempt_id=attempt_id,
        organisation_id=organisation_of(session),
        is_accepted=is_accepted,
        reason=_said(reason),
        decided_by=person_id,
        decided_at=at,
        was_released=attempt.released_at is not None,
    )
    terms = get_terms(session, attempt.test_version_id)
    if is_accepted:
        _let_count(session, attempt, decision, _outcome(session, attempt, terms), terms)
    session.add(decision)
    session.flush()
    record(
        session,
        action="attempt.late-answers-decided",
        actor=person_id,
        subject_id=attempt.person_id,
        at=at,
        attempt=str(attempt_id),
        is_accepted=is_accepted,
    )
    _announce(session, decision, at=at)
    _write_to_person(session, attempt, decision, terms.title, base_url=base_url, at=at)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an attempt comes to with its late answers."""

    positions: Sequence[ScoredPosition]
    result: Result


def _held(session: Session, attempt_id: UUID) -> Attempt:
    """The attempt, held: nobody grades, releases or regrades it meanwhile, and no late answer is added."""
    has_late = select(LateResponse.attempt_id).where(LateResponse.attempt_id == Attempt.id)
    attempt = session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id, has_late.exists())
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if attempt is None:
        raise NotFound(_("There is no such attempt with late answers."))
    return attempt


def _refuse_unless_graded(attempt: Attempt) -> None:
    if attempt.state is AttemptState.OPEN:
        raise Conflict(_("This attempt is not handed in yet. Wait until it is handed in and marked, then decide."))
    if attempt.state is AttemptState.SUBMITTED:
        raise Conflict(_("Answers of this attempt still wait for marks. Wait until it is marked, then decide."))
    if attempt.state is AttemptState.VOIDED:
        raise Conflict(_("This attempt was voided; it does not count, so there is nothing to decide."))


def _said(reason: str) -> str:
    said = reason.replace("\r\n", "\n").strip()
    if not said:
        raise Invalid(_("Say in plain words why; the person who sat the test reads it."))
    if len(said) > LONGEST_REASON:
        raise Invalid(_("At most %(most)s characters are kept.", most=LONGEST_REASON))
    return said


def _outcome(session: Session, attempt: Attempt, terms: TestSummary) -> _Outcome:
    """What the late answers make of the result. Raises Conflict where they may not count."""
    before = result_of(score_attempt(session, attempt.id), terms)
    if before is None or (as_stored(before.score), before.has_passed) != (attempt.score, attempt.has_passed):
        # A regrade was committed and has not come to this attempt yet: what is whose effect could not be told.
        raise Conflict(_("This result is being computed anew, because a key was repaired. Wait a moment, then decide."))
    positions = score_attempts(session, [attempt.id], accepting=[attempt.id])[attempt.id]
    result = result_of(positions, terms)
    if result is None:
        raise Conflict(
            _(
                "Among these late answers are texts that only a marker could judge, and a marked attempt is not marked "
                "again. They cannot count."
            )
        )
    if as_stored(result.score) < as_stored(before.score):
        raise Conflict(
            _("Late answers are never counted against somebody, and these would lower the score. Leave them out.")
        )
    return _Outcome(positions, result)


def _let_count(
    session: Session, attempt: Attempt, decision: LateDecision, outcome: _Outcome, terms: TestSummary
) -> None:
    decision.replaced = _replaced(session, attempt)
    decision.old_score, decision.new_score = attempt.score, as_stored(outcome.result.score)
    decision.had_passed, decision.has_passed = attempt.has_passed, outcome.result.has_passed
    replace_result(session, attempt, outcome.positions, outcome.result, terms)


def _replaced(session: Session, attempt: Attempt) -> dict[str, Any]:
    """The old result apart from score and verdict: the points where an answer came late, and what they added up to."""
    late = select(LateResponse.position).where(LateResponse.attempt_id == attempt.id)
    points = session.execute(
        select(ItemResult.position, ItemResult.points, ItemResult.parts)
        .where(ItemResult.attempt_id == attempt.id, ItemResult.position.in_(late))
        .order_by(ItemResult.position)
    )
    return {
        "standard_error": attempt.standard_error,
        "points": [{"position": place, "points": str(given), "parts": parts} for place, given, parts in points],
        "skills": skills_as_json(session, attempt.id),
    }


def _announce(session: Session, decision: LateDecision, *, at: datetime) -> None:
    """Announce what changed, where the person knew what was before."""
    if decision.old_score is None or not decision.was_released:
        return
    if (decision.old_score, decision.had_passed) == (decision.new_score, decision.has_passed):
        return
    announce(
        session,
        AttemptRegraded(
            result=stored_result(session, attempt_id=decision.attempt_id, at=at),
            regrade_id=None,
            approved_by=decision.decided_by,
            reason=decision.reason,
            had_passed=bool(decision.had_passed),
            old_score=decision.old_score,
        ),
    )


def _write_to_person(
    session: Session, attempt: Attempt, decision: LateDecision, title: str, *, base_url: str, at: datetime
) -> None:
    person = session.get_one(Person, attempt.person_id)
    if person.email is None:  # whoever left is written to no more
        return
    subject = (
        _("Your late answers count: %(test)s", test=title)
        if decision.is_accepted
        else _("Your late answers do not count: %(test)s", test=title)
    )
    send_mail(
        session,
        to_name=person.name,
        to=person.email,
        subject=subject,
        body=_(
            "Hello %(name)s,\n\nsome answers of your test “%(test)s” were given in time and arrived after the "
            "deadline. %(what)s\n\nThe reason: %(reason)s\n\n%(effect)s\n\n%(address)s\n",
            name=person.name,
            test=title,
            what=_("They count from now on.") if decision.is_accepted else _("They do not count."),
            reason=decision.reason,
            effect=_effect_in_words(decision.old_score, decision.new_score, decision),
            address=f"{base_url}/attempts/{attempt.id}/result",
        ),
        at=at,
    )


def _effect_in_words(old: Fraction | None, new: Fraction | None, decision: LateDecision) -> str:
    if old is None or new is None:
        return str(_("What was saved in time counts, as before."))
    if not decision.was_released:
        return str(_("Your result is not released yet. When it is, they are part of it."))
    verdict = verdict_in_words(bool(decision.had_passed), bool(decision.has_passed))
    return f"{scores_in_words(old, new)} {verdict}"
