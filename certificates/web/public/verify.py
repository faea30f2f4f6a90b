"""Verification: anybody with an id learns what was certified to whom, by whom, and whether it holds today."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.queries.certificates import verify_certificate
from certificates.web.public.blueprint import certificates_public
from certificates.web.standings import in_words
from lms import clock
from lms.errors import NotFound
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database

LIMIT = "60 per minute"
_LONGEST = 200  # characters of what was typed that are looked at


@certificates_public.get("/verify/")
@public
@limiter.limit(LIMIT)
def verify_form() -> ResponseReturnValue:
    """The form for an id; with one, the way to what it says."""
    certificate_id = _id_in(request.args.get("id", ""))
    if certificate_id:
        return redirect(url_for(".verify", certificate_id=certificate_id), 303)
    return render_template("certificates/public/verify_form.html", typed="", fault="")


@certificates_public.get("/verify/<certificate_id>")
@public
@limiter.limit(LIMIT)
def verify(certificate_id: str) -> ResponseReturnValue:
    """What the certificate says; the same 404 whether there never was one or its holder had it erased."""
    # An id is good in every organisation, so this one query is not kept inside that of the reader.
    with database().reading() as session:
        try:
            found = verify_certificate(session, certificate_id=certificate_id, at=clock.now())
        except NotFound:
            fault = _("No certificate has this id. Compare it with the certificate, letter by letter.")
            return render_template("certificates/public/verify_form.html", typed="", fault=fault), 404
    return render_template("certificates/public/verify.html", found=found, words=in_words(found.standing))


def _id_in(typed: str) -> str:
    """The id in what was typed or pasted, which may be the whole address."""
    return typed.strip()[:_LONGEST].rstrip("/").rpartition("/")[2]
