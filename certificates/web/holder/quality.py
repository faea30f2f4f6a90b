"""The quality of one's own work: the figures, what they led to, and an appeal against a suspension."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.domain.evidence import read_evidence
from certificates.operations.sanction_appeals import LONGEST_GROUNDS, TIME_TO_APPEAL, make_appeal
from certificates.queries.sanctions import find_proposal, get_own_sanction, list_proposals, list_sanctions
from certificates.queries.work_quality import list_latest, list_quality, list_watched
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.quality_words import appeal_in_words, proposal_in_words, sanction_in_words, what_is_closed
from lms import clock
from lms.errors import NotFound, Refusal, status_of
from lms.members.consents import ConsentScope, has_consent
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction

LIMIT = "10 per hour"  # each appeal is a mail to several people


@certificates_holder.get("/me/quality/")
@ANYBODY
def quality() -> ResponseReturnValue:
    """Everything that the organisation knows of one's work."""
    person_id = current_user.id
    with reading() as session:
        return render_template(
            "certificates/holder/quality.html",
            quality=list_quality(session, person_id=person_id),
            watched=list_watched(session, person_id=person_id),
            latest=list_latest(session, person_id=person_id),
            proposals=[
                (line, read_evidence(line.proposal.evidence)) for line in list_proposals(session, person_id=person_id)
            ],
            sanctions=list_sanctions(session, person_id=person_id),
            is_shown=has_consent(session, person_id=person_id, scope=ConsentScope.QUALITY),
            outcomes=proposal_in_words,
            states=sanction_in_words,
            closed=what_is_closed,
        )


@certificates_holder.get("/me/quality/suspensions/<uuid:sanction_id>")
@ANYBODY
def suspension(sanction_id: UUID) -> ResponseReturnValue:
    """One's suspension: the reason, the evidence, and a place to appeal."""
    with reading() as session:
        return _page(session, sanction_id)


@certificates_holder.post("/me/quality/suspensions/<uuid:sanction_id>")
@ANYBODY
@limiter.limit(LIMIT)
def appeal_suspension(sanction_id: UUID) -> ResponseReturnValue:
    """Send the appeal; a refusal keeps what was typed."""
    grounds = request.form.get("grounds", "")
    try:
        with transaction() as session:
            make_appeal(
                session,
                sanction_id=sanction_id,
                person_id=current_user.id,
                grounds=grounds,
                base_url=settings_of(current_app).base_url,
                at=clock.now(),
            )
    except NotFound:
        raise
    except Refusal as refusal:
        with reading() as session:
            page = _page(session, sanction_id, str(refusal), grounds)
        return page, status_of(type(refusal))
    flash(_("Sent. Somebody else than the person who decided looks at it, and you get a mail."), "success")
    return redirect(url_for(".suspension", sanction_id=sanction_id), 303)


def _page(session: Session, sanction_id: UUID, message: str = "", grounds: str = "") -> str:
    line = get_own_sanction(session, sanction_id=sanction_id, person_id=current_user.id)
    proposal = find_proposal(session, line.sanction.proposal_id)
    until = line.sanction.imposed_at + TIME_TO_APPEAL
    return render_template(
        "certificates/holder/suspension.html",
        line=line,
        words=sanction_in_words(line),
        closed=what_is_closed(line),
        evidence=read_evidence(proposal.proposal.evidence) if proposal else None,
        appeals=appeal_in_words,
        until=until,
        may_appeal=line.is_active and line.appeal is None and clock.now() <= until,
        longest=LONGEST_GROUNDS,
        message=message,
        grounds=grounds,
    )
