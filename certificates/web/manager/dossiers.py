"""A certificate's page for managers: what it says, what happened to it, and what can be done, each with a reason."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.scores import percent_in_tenths
from certificates.domain.life_cycle import IN_FORCE, LONGEST_REASON
from certificates.queries.dossiers import get_dossier
from certificates.web.manager.acts import ACTS
from certificates.web.manager.blueprint import MANAGERS, certificates_manager
from certificates.web.manager.words import cause_in_words, change_in_words, proposal_in_words
from certificates.web.standings import in_words
from lms import clock
from lms.errors import Invalid, NotFound, Refusal, status_of
from lms.web.transactions import reading, transaction


@certificates_manager.get("/<certificate_id>")
@MANAGERS
def dossier(certificate_id: str) -> ResponseReturnValue:
    """Everything about one certificate."""
    with reading() as session:
        return _page(session, certificate_id)


@certificates_manager.post("/<certificate_id>")
@MANAGERS
def act(certificate_id: str) -> ResponseReturnValue:
    """Do what the pressed button says, with the reason that was given; a refusal keeps what was typed."""
    wish, reason = request.form.get("do", ""), request.form.get("reason", "")
    try:
        if wish not in ACTS:
            raise Invalid(_("Choose what is to be done."))
        with transaction() as session:
            ACTS[wish].do(session, certificate_id, reason)
    except NotFound:
        raise  # there is no page on which to keep what was typed
    except Refusal as refusal:
        with reading() as session:
            page = _page(session, certificate_id, message=str(refusal), wish=wish, reason=reason)
        return page, status_of(type(refusal))
    flash(str(ACTS[wish].done), "success")
    return redirect(url_for(".dossier", certificate_id=certificate_id), 303)


def _page(session: Session, certificate_id: str, *, message: str = "", wish: str = "", reason: str = "") -> str:
    found = get_dossier(session, certificate_id)
    certificate = found.certificate
    return render_template(
        "certificates/manager/dossier.html",
        dossier=found,
        certificate=certificate,
        words=in_words(certificate.standing(clock.now())),
        proposal=found.open_proposal,
        is_own=found.person_id == current_user.id,
        is_in_force=certificate.state in IN_FORCE,
        is_renamed=certificate.holder_name != found.account_name,
        causes=cause_in_words,
        changes=change_in_words,
        outcomes=proposal_in_words,
        me=current_user.id,
        tenths=percent_in_tenths,
        longest=LONGEST_REASON,
        message=message,
        wish=wish,
        reason=reason,
    )
