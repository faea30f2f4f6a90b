"""Verification: anybody learns from an id or a file what was certified to whom, by whom, and whether it holds today."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.adapters.published_head import PUBLISHED
from certificates.domain.verdicts import Outcome, VerificationReport
from certificates.queries.keys import trusted_keys
from certificates.queries.verifying import DatabaseRecords, Surroundings, examine_certificate
from certificates.web.outcomes import check_titles, examined_in_words, in_order, outcome_in_words, pills
from certificates.web.public.blueprint import certificates_public
from lms import clock
from lms.errors import NotFound
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database
from lms.web.uploads import takes_upload

LIMIT = "60 per minute"
FILE_LIMIT = "20 per minute"
LARGEST_FILE = 20_000_000  # bytes
_LARGEST_REQUEST = 24_000_000  # a file that is a little too large is told so by the form
_LONGEST = 200  # characters of what was typed that are looked at


@certificates_public.get("/verify/")
@public
@limiter.limit(LIMIT)
def verify_form() -> ResponseReturnValue:
    """The forms for an id and for a file; with an id, the way to what it says."""
    certificate_id = _id_in(request.args.get("id", ""))
    if certificate_id:
        return redirect(url_for(".verify", certificate_id=certificate_id), 303)
    return _form()


@certificates_public.get("/verify/<certificate_id>")
@public
@limiter.limit(LIMIT)
def verify(certificate_id: str) -> ResponseReturnValue:
    """What the certificate says; the same 404 whether there never was one or its holder had it erased."""
    # An id is good in every organisation, so this one query is not kept inside that of the reader.
    around = _surroundings()
    with database().reading() as session:
        try:
            found = examine_certificate(session, certificate_id=certificate_id, around=around, at=clock.now())
        except NotFound:
            fault = _("No certificate has this id. Compare it with the certificate, letter by letter.")
            return _form(fault=fault), 404
    words = examined_in_words(found)
    return render_template("certificates/public/verify.html", found=found, words=words)


@certificates_public.post("/verify/")
@public
@limiter.limit(FILE_LIMIT)
@takes_upload(_LARGEST_REQUEST)
def verify_file() -> ResponseReturnValue:
    """What an uploaded file is worth. It is read, checked and forgotten."""
    file = request.files.get("file")
    data = file.stream.read(LARGEST_FILE + 1) if file else b""
    if not data:
        return _form(file_fault=_("Choose the file of a certificate; an empty one says nothing.")), 422
    if len(data) > LARGEST_FILE:
        return _form(file_fault=_("This file is too large: certificates have at most 20 MB.")), 422
    report = _verified(data)
    if report.outcome is Outcome.UNREADABLE:
        return _form(file_fault=" ".join(report.reasons)), 422
    return render_template(
        "certificates/public/verify_file.html",
        report=report,
        words=outcome_in_words(report.outcome, is_picture=report.kind is not None and report.kind.is_picture),
        checks=in_order(report.checks),
        titles=check_titles(),
        pills=pills(),
    )


def _verified(data: bytes) -> VerificationReport:
    # PyLD takes 5 MB, which only those processes give that are asked about a file.
    from certificates.adapters import verifying  # noqa: PLC0415

    around = _surroundings()
    with database().reading() as session:
        trust = trusted_keys(session, base_url=around.base_url)
        return verifying.verify_file(data, trust=trust, at=clock.now(), records=DatabaseRecords(session, around))


def _surroundings() -> Surroundings:
    published = current_app.extensions[PUBLISHED].read()
    return Surroundings(base_url=settings_of(current_app).base_url, published=published)


def _form(*, fault: str = "", file_fault: str = "") -> str:
    return render_template(
        "certificates/public/verify_form.html",
        typed="",
        fault=fault,
        file_fault=file_fault,
        largest=LARGEST_FILE // 1_000_000,
    )


def _id_in(typed: str) -> str:
    """The id in what was typed or pasted, which may be the whole address."""
    return typed.strip()[:_LONGEST].rstrip("/").rpartition("/")[2]
