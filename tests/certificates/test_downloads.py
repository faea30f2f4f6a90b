"""Downloads: for the holder alone, in every form, and everything at once."""

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from PIL import Image

from certificates.adapters.badge.baking import KEYWORD, NAMESPACE
from certificates.domain.contents import CertificateView
from certificates.domain.standing import CertificateState
from certificates.web.holder.certificates import STORE
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import NAME, deliver_all
from tests.certificates.shown import holder, main_of, set_state, signed_in, stranger, unsigned
from tests.certificates.signed import make_pdf, make_signed
from tests.people import make_person, sign_in

__all__ = ["holder", "signed_in", "stranger", "unsigned"]  # fixtures
ENDINGS = ("json", "jwt", "svg", "png", "zip")


@pytest.fixture
def certificate(unsigned: CertificateView) -> CertificateView:
    """Nothing here looks at signatures, so the tests make up what was signed."""
    return unsigned


@pytest.fixture
def signed(app: Flask, database, certificate):
    """A credential that was signed and printed."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        credential = make_signed(session, certificate.id, says="Ünï ]]> 王")
        make_pdf(session, credential, app.extensions[STORE])
    return credential


@pytest.mark.parametrize("ending", ENDINGS)
def test_until_it_is_signed_a_page_says_so_and_leads_back_to_it(signed_in, certificate, ending):
    answer = signed_in.get(f"/certificates/{certificate.id}.{ending}")

    assert answer.status_code == 202
    assert f'href="/certificates/{certificate.id}.{ending}">Look again' in answer.text


@pytest.mark.parametrize("ending", ENDINGS)
def test_somebody_elses_certificate_is_not_there(client, stranger, certificate, signed, database, ending):
    path = f"/certificates/{certificate.id}.{ending}"
    assert stranger.get(path).status_code == 303  # to the sign-in
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        other = make_person(session)
    sign_in(client, other)

    foreign, unknown = client.get(path), client.get(f"/certificates/{'x' * 24}.{ending}")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert main_of(foreign.text) == main_of(unknown.text)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_download_has_a_plain_name_and_is_kept_by_nobody_else(signed_in, certificate, signed, ending):
    answer = signed_in.get(f"/certificates/{certificate.id}.{ending}")

    assert answer.status_code == 200
    assert f"filename=certificate-ferry-facts-{certificate.id}.{ending}" in (
        answer.headers["Content-Disposition"].replace('"', "")
    )
    assert answer.headers["Cache-Control"].startswith("no-")


def test_credential_and_token_are_handed_out_as_they_were_signed(signed_in, certificate, signed):
    document, token = (signed_in.get(f"/certificates/{certificate.id}.{ending}") for ending in ("json", "jwt"))

    assert (document.mimetype, document.text) == ("application/json", signed.document)
    assert (token.mimetype, token.text) == ("application/jwt", signed.jwt)


def test_the_badges_have_the_current_credential_baked_in(signed_in, certificate, signed, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        newer = make_signed(session, certificate.id, number=2, says="newer").document

    png = Image.open(io.BytesIO(signed_in.get(f"/certificates/{certificate.id}.png").data))
    png.load()
    svg = ElementTree.fromstring(signed_in.get(f"/certificates/{certificate.id}.svg").text)

    assert png.text[KEYWORD] == newer
    assert png.size == (600, 600)
    assert svg.findtext(f"{{{NAMESPACE}}}credential") == newer


def test_what_was_revoked_is_still_its_holders_to_take(signed_in, certificate, signed, app):
    set_state(app, certificate.id, CertificateState.REVOKED)

    assert signed_in.get(f"/certificates/{certificate.id}.json").text == signed.document


def test_the_archive_holds_everything_and_says_how_to_verify_it(signed_in, certificate, signed):
    answer = signed_in.get(f"/certificates/{certificate.id}.zip")

    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    name = f"certificate-ferry-facts-{certificate.id}"
    assert archive.testzip() is None
    forms = {f"{name}.{ending}" for ending in ("jwt", "json", "pdf", "png", "svg")}
    assert set(archive.namelist()) == {"README.txt", "did.json"} | forms
    assert archive.read(f"{name}.pdf") == b"%PDF-made-up"
    assert archive.read(f"{name}.json").decode() == signed.document
    assert json.loads(archive.read("did.json"))["id"].startswith("did:web:")
    about = archive.read("README.txt").decode()
    assert "assay verify FILE --offline --keys did.json" in about
    assert "http://127.0.0.1:8000/verify/" in about
    assert "Not in here" not in about


def test_a_pdf_of_an_earlier_credential_is_not_in_the_archive(signed_in, certificate, signed, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signed(session, certificate.id, number=2)

    assert signed_in.get(f"/certificates/{certificate.id}.zip").status_code == 202


def test_all_certificates_come_in_one_archive_and_what_is_not_ready_is_named(signed_in, certificate, data_dir: Path):
    archive = zipfile.ZipFile(io.BytesIO(signed_in.get("/me/certificates.zip").data))

    assert archive.namelist() == ["did.json", "README.txt"]
    assert f"- {NAME} ({certificate.id})" in archive.read("README.txt").decode()


def test_all_certificates_come_in_folders(signed_in, certificate, signed):
    archive = zipfile.ZipFile(io.BytesIO(signed_in.get("/me/certificates.zip").data))

    folders = {name.partition("/")[0] for name in archive.namelist() if "/" in name}
    assert folders == {f"ferry-facts-{certificate.id}"}
    assert len(archive.namelist()) == 7
    assert "Not in here" not in archive.read("README.txt").decode()


def test_who_has_no_certificate_gets_an_archive_that_says_so(client, stranger, database, certificate):
    assert stranger.get("/me/certificates.zip").status_code == 303
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        newcomer = make_person(session)
    sign_in(client, newcomer)

    archive = zipfile.ZipFile(io.BytesIO(client.get("/me/certificates.zip").data))

    assert archive.namelist() == ["did.json", "README.txt"]


def test_the_page_of_formats_leads_to_all_of_them(signed_in, certificate):
    page = main_of(signed_in.get(f"/certificates/{certificate.id}/formats").text)

    for ending in ("pdf", *ENDINGS):
        assert f'href="/certificates/{certificate.id}.{ending}"' in page
    assert f'href="/certificates/{certificate.id}/formats"' in signed_in.get(f"/certificates/{certificate.id}/").text
    assert 'href="/me/certificates.zip"' in signed_in.get("/me/").text


def test_a_certificate_that_was_really_issued_can_be_taken_along(app, signed_in, certificate):
    deliver_all(app)

    archive = zipfile.ZipFile(io.BytesIO(signed_in.get(f"/certificates/{certificate.id}.zip").data))
    document = json.loads(archive.read(f"certificate-ferry-facts-{certificate.id}.json"))
    png = Image.open(io.BytesIO(archive.read(f"certificate-ferry-facts-{certificate.id}.png")))
    png.load()

    assert "AchievementCredential" in " ".join(document["type"]) or "OpenBadgeCredential" in document["type"]
    assert json.loads(png.text[KEYWORD]) == document
    assert archive.read(f"certificate-ferry-facts-{certificate.id}.pdf").startswith(b"%PDF-")


def test_after_signing_anew_the_holder_is_told_that_older_files_are_superseded(
    signed_in, certificate, signed, database
):
    path = f"/certificates/{certificate.id}/formats"
    assert "edition" not in main_of(signed_in.get(path).text)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signed(session, certificate.id, number=2)

    assert "This is edition 2" in main_of(signed_in.get(path).text)
