"""What holders ask of the organisation: the present name on a certificate, and another look at a decision."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from certificates.operations.asking import LONGEST_APPEAL, ask_for_present_name
from certificates.operations.asking import appeal as make_appeal
from certificates.queries.certificates import get_own_certificate
from certificates.queries.reviews import is_under_review
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.standings import in_words
from lms import clock
from lms.errors import Conflict, Invalid
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction

LIMIT = "10 per hour"  # each one is a mail to several people


@certificates_holder.post("/certificates/<certificate_id>/name")
@ANYBODY
@limiter.limit(LIMIT)
def ask_for_name(certificate_id: str) -> ResponseReturnValue:
    """Ask for the certificate in the present name."""
    try:
        with transaction() as session:
            ask_for_present_name(
                session,
                certificate_id=certificate_id,
                person_id=current_user.id,
                base_url=settings_of(current_app).base_url,
                at=clock.now(),
            )
    except Conflict as refusal:
        flash(str(refusal), "warning")
    else:
        flash(_("Asked. Somebody looks at it; you get a mail once the certificate says your present name."), "success")
    return redirect(url_for(".certificate", certificate_id=certificate_id), 303)


@certificates_holder.get("/certificates/<certificate_id>/appeal")
@ANYBODY
def appeal(certificate_id: str) -> ResponseReturnValue:
    """What was decided, and a place to say what is wrong with it."""
    return _page(certificate_id)


@certificates_holder.post("/certificates/<certificate_id>/appeal")
@ANYBODY
@limiter.limit(LIMIT)
def send_appeal(certificate_id: str) -> ResponseReturnValue:
    """Send the appeal to everybody who may decide."""
    text = request.form.get("text", "")
    try:
        with transaction() as session:
            make_appeal(
                session,
                certificate_id=certificate_id,
                text=text,
                person_id=current_user.id,
                base_url=settings_of(current_app).base_url,
                at=clock.now(),
            )
    except Invalid as refusal:
        return _page(certificate_id, str(refusal), text), 422
    flash(_("Sent. A person looks at it again and answers you by mail."), "success")
    return redirect(url_for(".certificate", certificate_id=certificate_id), 303)


def _page(certificate_id: str, message: str = "", text: str = "") -> str:
    with reading() as session:
        found = get_own_certificate(session, certificate_id=certificate_id, person_id=current_user.id)
        in_review = is_under_review(session, found.id)
    return render_template(
        "certificates/holder/appeal.html",
        certificate=found,
        words=in_words(found.standing(clock.now())),
        in_review=in_review,
        longest=LONGEST_APPEAL,
        message=message,
        text=text,
    )
