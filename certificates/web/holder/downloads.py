"""A holder's certificates to take along: badge, credential, and everything in one archive."""

from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Response, current_app, json, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.adapters.archive import Packed, pack
from certificates.adapters.file_store import FileStore
from certificates.domain.contents import CertificateView
from certificates.domain.did_document import did_document
from certificates.domain.issuer import did_of
from certificates.queries.carried import Carried, get_carried, list_carried
from certificates.queries.certificates import get_own_certificate
from certificates.queries.credentials import find_current_credential
from certificates.queries.keys import trusted_keys
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.holder.certificates import STORE
from certificates.web.holder.formats import content_of_format, file_name, files_of, formats, read_me
from lms import clock
from lms.db.scope import organisation_of
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.transactions import reading

LIMIT = "60 per minute"
ARCHIVE_LIMIT = "6 per minute"
MOST_IN_ARCHIVE = 50  # certificates; the newest


@certificates_holder.get("/certificates/<certificate_id>/formats")
@ANYBODY
def more_formats(certificate_id: str) -> ResponseReturnValue:
    """Every form of the certificate, and what it is good for."""
    with reading() as session:
        found = get_own_certificate(session, certificate_id=certificate_id, person_id=current_user.id)
        credential = find_current_credential(session, found.id)
    return render_template(
        "certificates/holder/formats.html", certificate=found, credential=credential, formats=formats()
    )


@certificates_holder.get("/certificates/<certificate_id>.<any(json, jwt, svg, png):ending>")
@ANYBODY
@limiter.limit(LIMIT)
def download(certificate_id: str, ending: str) -> ResponseReturnValue:
    """The credential, or the badge with the credential baked in; until it is signed, a page that says so."""
    with reading() as session:
        found = get_carried(session, certificate_id=certificate_id, person_id=current_user.id)
    if found.credential is None:
        return _preparing(found.certificate)
    [form] = [form for form in formats() if form.ending == ending]
    content = content_of_format(ending, found.certificate, found.credential, found.accent)
    response = Response(content, mimetype=form.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(found.certificate, ending)}"'
    return response


@certificates_holder.get("/certificates/<certificate_id>.zip")
@ANYBODY
@limiter.limit(ARCHIVE_LIMIT)
def archive(certificate_id: str) -> ResponseReturnValue:
    """Everything of one certificate, once all of it is there."""
    with reading() as session:
        found = get_carried(session, certificate_id=certificate_id, person_id=current_user.id)
        keys = _keys_of_issuer(session)
    pdf = _pdf_of(found)
    if found.credential is None or pdf is None:
        return _preparing(found.certificate)
    files = files_of(found.certificate, found.credential, pdf, found.accent)
    return _archive([read_me([]), keys, *files], file_name(found.certificate, "zip"))


@certificates_holder.get("/me/certificates.zip")
@ANYBODY
@limiter.limit(ARCHIVE_LIMIT)
def archive_of_all() -> ResponseReturnValue:
    """Everything of all certificates that is there by now, a folder each; what is not is named."""
    with reading() as session:
        found = list_carried(session, person_id=current_user.id, most=MOST_IN_ARCHIVE)
        keys = _keys_of_issuer(session)
    return _archive(chain([keys], _folders(found)), "certificates.zip")


def _folders(found: Iterable[Carried]) -> Iterator[Packed]:
    """One certificate after the other, so that never more than one is in memory."""
    left_out = []
    for one in found:
        pdf = _pdf_of(one)
        if pdf is None:
            left_out.append(one.certificate)
        for file in files_of(one.certificate, one.credential, pdf, one.accent):
            yield Packed(f"{one.certificate.slug}-{one.certificate.id}/{file.name}", file.content)
    yield read_me(left_out)


def _keys_of_issuer(session: Session) -> Packed:
    """The DID document of the holder's organisation, as it stands at its address today."""
    base_url = settings_of(current_app).base_url
    organisation = session.get_one(Organisation, organisation_of(session))
    did = did_of(base_url, organisation.slug, is_public=organisation.id == PUBLIC_ORGANISATION_ID)
    keys = trusted_keys(session, base_url=base_url).by_issuer[did].values()
    return Packed("did.json", json.dumps(did_document(did, keys), indent=2).encode())


def _pdf_of(found: Carried) -> bytes | None:
    """The file itself; None until it is made, and when it was lost. The page of the PDF has it made anew."""
    store: FileStore = current_app.extensions[STORE]
    return store.get(found.pdf_sha256) if found.pdf_sha256 else None


def _archive(files: Iterable[Packed], name: str) -> Response:
    return send_file(
        pack(files, at=clock.now()), mimetype="application/zip", as_attachment=True, download_name=name, max_age=0
    )


def _preparing(certificate: CertificateView) -> ResponseReturnValue:
    page = render_template("certificates/holder/preparing.html", certificate=certificate, again=request.path)
    return page, 202
