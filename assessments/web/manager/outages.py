"""The managers' list of outages: when the service was away, and the time given back for it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from assessments.operations.outages import LONGEST_BY_RULE, settle_outage
from assessments.queries.outages import MOST_LISTED, list_outages
from assessments.web.candidate.clock_words import length_in_words
from assessments.web.manager.blueprint import MANAGERS, OPERATORS, manager
from lms import clock
from lms.audit.operations import record
from lms.db.scope import enter_organisation
from lms.errors import Conflict
from lms.organisations.roles import Role
from lms.web.transactions import database, reading


@manager.get("/outages")
@MANAGERS
def outages() -> ResponseReturnValue:
    """The latest first; what waits for a decision has its buttons, for operators."""
    with reading() as session:
        listed = list_outages(session)
    return render_template(
        "assessments/manager/outages.html",
        listed=[
            {
                "outage": each.outage,
                "attempts": each.attempts,
                "length": length_in_words(int((each.outage.ended_at - each.outage.began_at).total_seconds())),
            }
            for each in listed
        ],
        may_be_more=len(listed) == MOST_LISTED,
        longest=length_in_words(int(LONGEST_BY_RULE.total_seconds())),
        may_decide=Role.OPERATOR in current_user.roles,
    )


@manager.post("/outages/<uuid:outage_id>")
@OPERATORS
def settle(outage_id: UUID) -> ResponseReturnValue:
    """Give the time back, or not; it concerns everybody on the installation."""
    is_credited, now = request.form.get("do") == "give", clock.now()
    try:
        with database().transaction() as session:
            count = settle_outage(
                session, outage_id=outage_id, is_credited=is_credited, by=str(current_user.id), at=now
            )
            enter_organisation(session, current_user.organisation_id)
            action = "outage.credited" if is_credited else "outage.dismissed"
            record(session, action=action, actor=current_user.id, subject_id=outage_id, at=now, attempts=count)
    except Conflict as refusal:
        flash(str(refusal), "warning")
    else:
        given = ngettext("%(num)s open attempt was given time.", "%(num)s open attempts were given time.", count)
        flash(given if is_credited else _("No time is given back for this outage."), "success")
    return redirect(url_for(".outages"), 303)
