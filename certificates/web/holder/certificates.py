"""A holder's certificate: as a page, and as the PDF of the same content."""

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from certificates.adapters.file_store import FileStore
from certificates.adapters.qr_code import qr_code
from certificates.domain.contents import CertificateView
from certificates.domain.levels import level_of
from certificates.operations.rendering import repair_file
from certificates.queries.certificates import find_file, get_own_certificate
from certificates.queries.credentials import find_current_credential
from certificates.queries.renewals import list_renewals
from certificates.queries.reviews import is_under_review
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.levels import level_words
from certificates.web.standings import in_words
from lms import clock
from lms.web.application import settings_of
from lms.web.transactions import reading, transaction

STORE = "assay.certificate_files"


@certificates_holder.get("/certificates/<certificate_id>/")
@ANYBODY
def certificate(certificate_id: str) -> ResponseReturnValue:
    with reading() as session:
        found = get_own_certificate(session, certificate_id=certificate_id, person_id=current_user.id)
        in_review = is_under_review(session, found.id)
        renewals = list_renewals(session, person_id=current_user.id, slug=found.slug)
        credential = find_current_credential(session, found.id)
    now = clock.now()
    address = settings_of(current_app).base_url + url_for("certificates_public.verify", certificate_id=found.id)
    return render_template(
        "certificates/holder/certificate.html",
        certificate=found,
        words=in_words(found.standing(now)),
        in_review=in_review,
        renewal=next((one.renewal for one in renewals if one.certificate_id == found.id), None),
        now=now,
        credential=credential,
        level_words=level_words(),
        level_of=level_of,
        address=address,
        qr_code=qr_code(address, title=address),
    )


@certificates_holder.get("/certificates/<certificate_id>.pdf")
@ANYBODY
def pdf(certificate_id: str) -> ResponseReturnValue:
    """The file; while it is being made, a page that says so and looks again."""
    with reading() as session:
        found = get_own_certificate(session, certificate_id=certificate_id, person_id=current_user.id)
        file = find_file(session, found.id)
    content = _store().get(file.sha256) if file else None
    if content is None:
        if file is not None:
            with transaction() as session:
                repair_file(session, certificate_id=found.id, sha256=file.sha256, at=clock.now())
        page = render_template("certificates/holder/preparing.html", certificate=found, again=request.path)
        return page, 202
    return _download(content, found)


def _download(content: bytes, certificate: CertificateView) -> Response:
    response = Response(content, mimetype="application/pdf")
    # Slug and id are ASCII by their own rules, so the name needs no encoding that old browsers fail at.
    name = f"certificate-{certificate.slug}-{certificate.id}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _store() -> FileStore:
    store: FileStore = current_app.extensions[STORE]
    return store
