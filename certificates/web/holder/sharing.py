"""Where a holder shares a certificate, changes what its page shows, and takes it away again."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField

from certificates.domain.contents import CertificateView
from certificates.domain.linkedin import add_to_profile
from certificates.operations import sharing
from certificates.queries.certificates import get_own_certificate
from certificates.queries.sharing import list_shared
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.pictures import public_address
from certificates.web.standings import in_words
from lms import clock
from lms.web.forms import Form
from lms.web.transactions import reading, transaction


class ShareForm(Form):
    """What the page of a certificate shows beyond what anybody may verify."""

    shows_scores = BooleanField(_l("Show my scores, in total and in each skill"))


@certificates_holder.app_template_filter("linkedin_link")
def linkedin_link(certificate: CertificateView) -> str:
    """Where LinkedIn adds the certificate to a profile; it names the page that stays whatever the holder shares."""
    return add_to_profile(
        certificate, address=public_address("certificates_public.verify", certificate_id=certificate.id)
    )


@certificates_holder.get("/certificates/<certificate_id>/share")
@ANYBODY
def share(certificate_id: str) -> ResponseReturnValue:
    """Whether the certificate is shared, and how."""
    with reading() as session:
        found = get_own_certificate(session, certificate_id=certificate_id, person_id=current_user.id)
        shared = list_shared(session, person_id=current_user.id).get(certificate_id)
    return render_template(
        "certificates/holder/share.html",
        certificate=found,
        words=in_words(found.standing(clock.now())),
        shared=shared,
        form=ShareForm(shows_scores=shared is not None and shared.shows_scores),
        address=public_address("certificates_public.share", certificate_id=found.id),
    )


@certificates_holder.post("/certificates/<certificate_id>/share")
@ANYBODY
def keep_shared(certificate_id: str) -> ResponseReturnValue:
    """Share it, or show it differently."""
    form = ShareForm()
    with transaction() as session:
        sharing.share_certificate(
            session,
            certificate_id=certificate_id,
            person_id=current_user.id,
            shows_scores=bool(form.shows_scores.data),
            at=clock.now(),
        )
    flash(_("Your certificate has its page. Anybody with the address can read it."), "success")
    return redirect(url_for(".share", certificate_id=certificate_id), 303)


@certificates_holder.post("/certificates/<certificate_id>/stop-sharing")
@ANYBODY
def stop_sharing(certificate_id: str) -> ResponseReturnValue:
    """Take the page away."""
    with transaction() as session:
        sharing.stop_sharing(session, certificate_id=certificate_id, person_id=current_user.id, at=clock.now())
    flash(_("The page is gone. Whoever has its address finds nothing there."), "success")
    return redirect(url_for(".share", certificate_id=certificate_id), 303)
