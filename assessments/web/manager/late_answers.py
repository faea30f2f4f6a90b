"""The managers' pages of late answers: which attempts have some, and whether they count; never what they say."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.models.attempts import AttemptState
from assessments.operations.deciding_late_answers import LONGEST_REASON, decide_late_answers
from assessments.queries.late_answers import MOST_LISTED, get_late_attempt, list_late_attempts
from assessments.queries.outages import list_between
from assessments.queries.stored_items import names_of
from assessments.web.candidate.clock_words import length_in_words, made_of
from assessments.web.manager.blueprint import MANAGERS, manager
from lms import clock
from lms.errors import STATUS_OF, Conflict, Invalid, NotAllowed
from lms.web.application import settings_of
from lms.web.transactions import reading, transaction

DECISIONS = {"count": True, "leave": False}  # by what the pressed button says


@manager.get("/late-answers")
@MANAGERS
def late_answers() -> ResponseReturnValue:
    """What waits for a decision, then what was decided."""
    with reading() as session:
        attempts = list_late_attempts(session)
    return render_template(
        "assessments/manager/late_answers.html", attempts=attempts, may_be_more=len(attempts) == MOST_LISTED
    )


@manager.get("/late-answers/<uuid:attempt_id>")
@MANAGERS
def late_attempt(attempt_id: UUID) -> ResponseReturnValue:
    """The circumstances of one attempt, and the decision."""
    with reading() as session:
        return _page(session, attempt_id)


@manager.post("/late-answers/<uuid:attempt_id>")
@MANAGERS
def decide_on_late_answers(attempt_id: UUID) -> ResponseReturnValue:
    """Let them count, or leave them out, as the pressed button says."""
    wish, reason = request.form.get("do", ""), request.form.get("reason", "")
    try:
        if wish not in DECISIONS:
            raise Invalid(_("Choose whether these answers count or are left out."))
        with transaction() as session:
            decide_late_answers(
                session,
                attempt_id=attempt_id,
                is_accepted=DECISIONS[wish],
                reason=reason,
                person_id=current_user.id,
                base_url=settings_of(current_app).base_url,
                at=clock.now(),
            )
    except (Invalid, Conflict, NotAllowed) as refusal:
        with reading() as session:
            return _page(session, attempt_id, str(refusal), reason), STATUS_OF[type(refusal)]
    said = _("The late answers count from now on.") if DECISIONS[wish] else _("The late answers are left out.")
    flash(said, "success")
    return redirect(url_for(".late_answers"), 303)


def _page(session: Session, attempt_id: UUID, message: str = "", reason: str = "") -> str:
    attempt = get_late_attempt(session, attempt_id)
    return render_template(
        "assessments/manager/late_attempt.html",
        attempt=attempt,
        time=made_of(attempt.clock),
        lateness=[
            length_in_words(max(1, int((answer.received_at - attempt.deadline_at).total_seconds())))
            for answer in attempt.answers
        ],
        outages=list_between(session, start=attempt.made_from, end=attempt.received_at),
        decider=names_of(session, {attempt.decided_by}).get(attempt.decided_by),
        is_own=attempt.person_id == current_user.id,
        may_decide=attempt.state is AttemptState.GRADED and attempt.is_accepted is None,
        longest=LONGEST_REASON,
        message=message,
        reason=reason,
    )
