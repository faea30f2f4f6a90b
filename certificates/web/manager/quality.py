"""Work quality for managers: what figures propose, what people decide, and appeals against it."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.domain.evidence import read_evidence
from certificates.domain.life_cycle import LONGEST_REASON
from certificates.models.sanctions import AppealState, SuspensionState
from certificates.operations.sanction_appeals import decide_appeal
from certificates.operations.sanctions import Decider, decide_suspension, lift_sanction
from certificates.queries.sanctions import (
    get_proposal,
    get_sanction,
    list_in_force,
    list_proposals,
    list_waiting_appeals,
)
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from certificates.web.quality_words import appeal_in_words, proposal_in_words, sanction_in_words, what_is_closed
from lms import clock
from lms.errors import Conflict, Invalid, NotFound, Refusal, status_of
from lms.web.application import settings_of
from lms.web.transactions import reading, transaction


@workspace.get("/quality/")
@MANAGERS
def quality() -> ResponseReturnValue:
    """What waits for a decision, and what is in force."""
    with reading() as session:
        return render_template(
            "certificates/manager/quality.html",
            proposals=list_proposals(session),
            appeals=list_waiting_appeals(session),
            in_force=list_in_force(session),
            outcomes=proposal_in_words,
            closed=what_is_closed,
        )


@workspace.get("/quality/proposals/<uuid:proposal_id>")
@MANAGERS
def quality_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """The evidence, and the two ways out."""
    with reading() as session:
        return _proposal_page(session, proposal_id)


@workspace.post("/quality/proposals/<uuid:proposal_id>")
@MANAGERS
def decide_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Confirm the suspension or dismiss it; a refusal keeps what was typed."""
    wish, reason = request.form.get("do", ""), request.form.get("reason", "")
    try:
        with transaction() as session:
            decide_suspension(
                session,
                proposal_id=proposal_id,
                decision=SuspensionState(wish) if wish in set(SuspensionState) else SuspensionState.OPEN,
                reason=reason,
                person_id=current_user.id,
                base_url=settings_of(current_app).base_url,
                at=clock.now(),
            )
    except NotFound:
        raise
    except Refusal as refusal:
        with reading() as session:
            return _proposal_page(session, proposal_id, str(refusal), reason), status_of(type(refusal))
    said = _("The tier is closed to this person.") if wish == "confirmed" else _("The tier stays open to this person.")
    flash(said, "success")
    return redirect(url_for(".quality"), 303)


@workspace.get("/quality/suspensions/<uuid:sanction_id>")
@MANAGERS
def suspension(sanction_id: UUID) -> ResponseReturnValue:
    """A suspension with its reason, its appeal, and what can be done."""
    with reading() as session:
        return _suspension_page(session, sanction_id)


@workspace.post("/quality/suspensions/<uuid:sanction_id>")
@MANAGERS
def act_on_suspension(sanction_id: UUID) -> ResponseReturnValue:
    """Decide on the appeal, or lift the suspension; a refusal keeps what was typed."""
    wish, reason = request.form.get("do", ""), request.form.get("reason", "")
    try:
        with transaction() as session:
            _act(session, sanction_id, wish, reason)
    except NotFound:
        raise
    except Refusal as refusal:
        with reading() as session:
            return _suspension_page(session, sanction_id, str(refusal), wish, reason), status_of(type(refusal))
    said = {
        "upheld": _("The appeal is upheld, and the suspension lifted."),
        "rejected": _("The appeal is rejected; the suspension stays."),
        "lift": _("The suspension is lifted."),
    }
    flash(said[wish], "success")
    return redirect(url_for(".suspension", sanction_id=sanction_id), 303)


def _act(session: Session, sanction_id: UUID, wish: str, reason: str) -> None:
    base_url, at = settings_of(current_app).base_url, clock.now()
    if wish == "lift":
        by = Decider(current_user.id)
        lift_sanction(session, sanction_id=sanction_id, reason=reason, by=by, base_url=base_url, at=at)
        return
    if wish not in (AppealState.UPHELD, AppealState.REJECTED):
        raise Invalid(_("Choose what is to be done."))
    appeal = get_sanction(session, sanction_id).appeal
    if appeal is None:
        raise Conflict(_("Nobody appealed against this suspension."))
    decide_appeal(
        session,
        appeal_id=appeal.id,
        decision=AppealState(wish),
        reason=reason,
        person_id=current_user.id,
        base_url=base_url,
        at=at,
    )


def _proposal_page(session: Session, proposal_id: UUID, message: str = "", reason: str = "") -> str:
    line = get_proposal(session, proposal_id)
    return render_template(
        "certificates/manager/quality_proposal.html",
        line=line,
        proposal=line.proposal,
        evidence=read_evidence(line.proposal.evidence),
        words=proposal_in_words(line.proposal.state),
        may_decide=may_change() and line.proposal.person_id != current_user.id,
        longest=LONGEST_REASON,
        message=message,
        reason=reason,
    )


def _suspension_page(session: Session, sanction_id: UUID, message: str = "", wish: str = "", reason: str = "") -> str:
    line = get_sanction(session, sanction_id)
    is_concerned = line.sanction.person_id == current_user.id
    return render_template(
        "certificates/manager/suspension.html",
        line=line,
        words=sanction_in_words(line),
        closed=what_is_closed(line),
        appeals=appeal_in_words,
        may_change=may_change() and not is_concerned,
        may_judge=may_change() and not is_concerned and line.sanction.imposed_by != current_user.id,
        longest=LONGEST_REASON,
        message=message,
        wish=wish,
        reason=reason,
    )
