"""The clock of an attempt: what the page asks of it, and the break during which it stands still."""

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from assessments.models.attempts import AttemptState
from assessments.operations.breaks import begin_break, end_break
from assessments.queries.attempts import get_attempt
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.candidate.clock_words import clock_values
from lms import clock
from lms.errors import Conflict, Gone
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction


@candidate.get("/attempts/<uuid:attempt_id>/clock")
@ANYBODY
def attempt_clock(attempt_id: UUID) -> ResponseReturnValue:
    """What is left now, for the countdown: a deadline may have moved since the page was made."""
    now = clock.now()
    with reading() as session:
        attempt = get_attempt(session, attempt_id=attempt_id, person_id=current_user.id)
    values = clock_values(attempt.clock, now)
    told = {name: values[name] for name in ("is_untimed", "is_on_break", "seconds_left", "break_seconds_left")}
    is_open = attempt.state is AttemptState.OPEN and now <= attempt.deadline_at
    is_closed = attempt.state is not AttemptState.OPEN  # else it may be held until an outage is counted
    answer = jsonify(is_open=is_open, is_closed=is_closed, deadline_at=attempt.deadline_at.isoformat(), **told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@candidate.get("/attempts/<uuid:attempt_id>/break")
@ANYBODY
def pause(attempt_id: UUID) -> ResponseReturnValue:
    """What a break is, before it; during it, how long it lasts. No question is on this page."""
    now = clock.now()
    with reading() as session:
        attempt = get_attempt(session, attempt_id=attempt_id, person_id=current_user.id)
    if attempt.state is not AttemptState.OPEN or attempt.deadline_at < now:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    values = clock_values(attempt.clock, now)
    if not values["is_on_break"] and not values["break_seconds_left"]:
        return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
    return render_template(
        "assessments/candidate/break.html",
        attempt={
            "id": attempt.id,
            "test_title": attempt.test_title,
            "deadline_at": attempt.deadline_at,
            "break_ends_at": attempt.clock.break_ends_at,
            **values,
        },
    )


@candidate.post("/attempts/<uuid:attempt_id>/break")
@ANYBODY
@limiter.limit("10 per minute")
def begin_pause(attempt_id: UUID) -> ResponseReturnValue:
    """The clock stops at the instant at which this request came in."""
    now = clock.now()
    try:
        with transaction() as session:
            begin_break(session, attempt_id=attempt_id, person_id=current_user.id, at=now)
    except Gone:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    except Conflict as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
    return redirect(url_for(".pause", attempt_id=attempt_id), 303)


@candidate.post("/attempts/<uuid:attempt_id>/break/end")
@ANYBODY
def end_pause(attempt_id: UUID) -> ResponseReturnValue:
    """The clock runs again; what was not used is kept for another break."""
    now = clock.now()
    try:
        with transaction() as session:
            end_break(session, attempt_id=attempt_id, person_id=current_user.id, at=now)
    except Gone:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    flash(_("The clock runs again."), "success")
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
