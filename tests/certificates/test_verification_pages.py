"""The verification pages: an uploaded file gets its verdict, and is neither kept nor able to do harm."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from certificates.domain.contents import CertificateView
from certificates.domain.standing import CertificateState
from certificates.models.certificates import CertificateFile
from certificates.models.credentials import Credential
from certificates.models.keys import KeyPurpose
from certificates.operations.keys import rotate_key
from certificates.operations.rendering import repair_file
from certificates.web.public.verify import LARGEST_FILE
from lms import clock
from lms.accounts.models import Person
from lms.config import Settings
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.limits import limiter
from tests.certificates.at_work import decide, sign_all, signing_of
from tests.certificates.baked import DRAWING, PICTURE, WAYS
from tests.certificates.factories import deliver_all, make_office, qualify, the_certificate
from tests.certificates.test_public_pages import main_of
from tests.people import sign_in
from tests.statements import counted
from wsgi import create_app

ROOT = Path(__file__).parents[2]
NAME = "<i>Ada</i> & محمد"


@pytest.fixture
def certificate(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> CertificateView:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        held = the_certificate(session, qualify(session, name=NAME))
    sign_all(app, monkeypatch)
    return held


@pytest.fixture
def credential(database: Database, certificate: CertificateView) -> Credential:
    with database.reading() as session:
        return session.scalars(select(Credential)).one()


def upload(client: FlaskClient, data: bytes, name: str = "certificate.json") -> tuple[int, str]:
    answer = client.post("/verify/", data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, main_of(answer.text)


def stored_pdf(app: Flask, database: Database) -> bytes:
    """The only PDF that there is."""
    with database.reading() as session:
        sha256 = session.scalars(select(CertificateFile.sha256)).one()
    [path] = [p for p in (app.extensions["assay.settings"].data_dir / "certificates").rglob("*") if sha256 in p.name]
    return path.read_bytes()


def test_an_uploaded_credential_gets_its_verdict_facts_and_checks(client: FlaskClient, certificate, credential):
    status, page = upload(client, credential.document.encode())

    assert status == 200
    assert 'class="verdict is-ok"' in page
    assert "&lt;i&gt;Ada&lt;/i&gt; &amp; محمد" in page
    assert certificate.id in page
    assert page.count("Passed") == 10
    assert "Failed" not in page


def test_a_token_under_any_name_gets_the_same(client: FlaskClient, credential):
    status, page = upload(client, credential.jwt.encode(), "holiday.pdf")

    assert status == 200
    assert "Signature of the token" in page
    assert 'class="verdict is-ok"' in page


@pytest.mark.parametrize("bake", WAYS.values(), ids=WAYS)
def test_a_badge_gets_the_verdict_of_the_credential_in_it(client: FlaskClient, certificate, credential, bake):
    status, page = upload(client, bake(credential.document), "badge")

    assert status == 200
    assert 'class="verdict is-ok"' in page
    assert "The credential in this picture is as it was signed" in page
    assert "&lt;i&gt;Ada&lt;/i&gt; &amp; محمد" in page
    assert page.count("Passed") == 10
    assert "Nobody signs the drawing" in page
    assert "This file is" not in page


def test_an_altered_badge_is_told_so_and_its_claims_are_not_repeated(client: FlaskClient, credential):
    page = upload(client, WAYS["our PNG"](credential.document.replace("Ada", "Eve")))[1]

    assert 'class="verdict is-bad"' in page
    assert "Eve" not in page


def test_of_a_badge_only_the_credential_is_called_genuine(
    app: Flask, client: FlaskClient, database: Database, certificate, credential
):
    decide(app, database, certificate.id, CertificateState.SUSPENDED)

    badge, plain = WAYS["our SVG"](credential.document), credential.document.encode()

    assert "The credential in this picture is genuine." in upload(client, badge)[1]
    assert "This file is genuine." in upload(client, plain)[1]


def test_the_badges_that_a_holder_downloads_are_valid(client: FlaskClient, database: Database, certificate):
    with database.reading() as session:
        sign_in(client, session.scalars(select(Person).where(Person.name == NAME)).one())
    for ending in ("png", "svg"):
        badge = client.get(f"/certificates/{certificate.id}.{ending}").data
        assert 'class="verdict is-ok"' in upload(client, badge, f"badge.{ending}")[1]


def test_the_pdf_of_a_certificate_is_verified_to_its_last_byte(app: Flask, client: FlaskClient, database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        qualify(session)
    deliver_all(app)
    content = stored_pdf(app, database)

    assert 'class="verdict is-ok"' in upload(client, content)[1]
    assert "covers the whole PDF" in upload(client, content)[1]
    status, page = upload(client, content.replace(b"%%EOF", b"%%eof", 1))
    assert "Altered" in page or status == 422
    assert 'class="verdict is-ok"' not in page


def test_a_pdf_that_is_made_anew_holds_under_a_younger_key(app: Flask, client: FlaskClient, database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        qualify(session)
    deliver_all(app)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        lost = session.scalars(select(CertificateFile)).one()
        soon = clock.now() + timedelta(minutes=5)
        rotate_key(session, keys=signing_of(app).keys, purpose=KeyPurpose.DOCUMENT, at=soon, actor="test")
        repair_file(session, certificate_id=lost.certificate_id, sha256=lost.sha256, at=clock.now())
    with time_machine.travel(soon + timedelta(minutes=1)):
        deliver_all(app)
        page = upload(client, stored_pdf(app, database))[1]

    assert 'class="verdict is-ok"' in page


def test_an_altered_credential_is_told_so_and_its_claims_are_not_repeated(client: FlaskClient, credential):
    status, page = upload(client, credential.document.replace("Ada", "Eve").encode())

    assert status == 200
    assert 'class="verdict is-bad"' in page
    assert "Altered" in page
    assert "Eve" not in page
    assert page.index("Failed") < page.index("Passed")


def test_a_revoked_one_is_told_so(app: Flask, client: FlaskClient, database: Database, certificate, credential):
    decide(app, database, certificate.id, CertificateState.REVOKED)

    page = upload(client, credential.document.encode())[1]

    assert "Revoked" in page
    assert "The issuer has withdrawn it." in page
    assert "CANARY-REASON" not in page


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Choose the file"),
        (b"not a certificate", "neither a PDF nor a credential"),
        (PICTURE, "This picture (PNG) holds no credential"),
        (PICTURE[:-20], "This PNG is cut short"),
        (DRAWING.encode(), "This picture (SVG) holds no credential"),
        (b"<!DOCTYPE svg [<!ENTITY a '<script>'>]><svg/>", "declares a DOCTYPE"),
        (b"<script>", "XML"),
        (b"%PDF-1.7\n" + b"\0" * 500, "PDF"),
        (b"x" * (LARGEST_FILE + 1), "too large"),
        (b"x" * (LARGEST_FILE + 1_000_000), "too large"),
        (b'{"<script>": 1, "<script>": 2}', "&lt;script&gt;"),
    ],
    ids=[
        "empty",
        "garbage",
        "picture",
        "damaged picture",
        "drawing",
        "entities",
        "script",
        "broken PDF",
        "a byte too large",
        "21 MB",
        "markup",
    ],
)
def test_what_cannot_be_verified_is_told_beside_the_form(client: FlaskClient, certificate, data: bytes, says: str):
    status, page = upload(client, data)

    assert status == 422
    assert says in page[page.index('id="file-errors"') : page.index("</form>", page.index('id="file-errors"'))]
    assert "<script>" not in page


def test_what_is_far_too_large_is_not_even_read(client: FlaskClient):
    answer = client.post("/verify/", data={"file": (BytesIO(b"x" * 25_000_000), "x.pdf")})

    assert answer.status_code == 413
    assert "24 MB" in answer.text


def test_a_form_without_a_file_is_told_so(client: FlaskClient, certificate):
    answer = client.post("/verify/", data={})

    assert answer.status_code == 422
    assert "Choose the file" in answer.text


def test_nothing_uploaded_is_kept_or_logged(
    app: Flask, client: FlaskClient, credential, data_dir: Path, capsys: pytest.CaptureFixture[str]
):
    def files() -> set[tuple[Path, bytes]]:
        return {(path, path.read_bytes()) for path in data_dir.rglob("*") if path.is_file() and "db" not in path.name}

    before = files()
    upload(client, credential.document.replace("Ada", "CANARY").encode(), "CANARY-NAME.json")
    upload(client, b"CANARY-GARBAGE")

    assert files() == before
    assert "CANARY" not in "".join(capsys.readouterr())


def test_the_number_of_statements_stays_small(app: Flask, client: FlaskClient, database: Database, certificate):
    with counted(database) as sent:
        client.get(f"/verify/{certificate.id}")

    assert len(sent) <= 12


def test_uploads_are_throttled(process_settings: Settings):
    app = create_app(replace(process_settings, is_throttled=True))
    app.config.update(WTF_CSRF_ENABLED=False)
    client = app.test_client()

    try:
        statuses = [client.post("/verify/", data={}).status_code for _ in range(22)]
    finally:  # the limiter is one for the process
        limiter.reset()
        limiter.enabled = False

    assert statuses == [422] * 20 + [429] * 2


def test_a_strangers_form_needs_its_token(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    answer = app.test_client().post("/verify/", data={"file": (BytesIO(b"{}"), "x.json")})

    assert answer.status_code == 400


def test_web_processes_start_without_what_verifies_files(tmp_path: Path):
    """PyLD is loaded when the first file comes, and not before; what reads PDFs is in a process of its own."""
    heavy = ("pyld", "pyhanko", "asn1crypto", "weasyprint", "certificates.adapters.verifying")
    code = f"import sys, wsgi; wsgi.create_app(); print([name for name in {heavy} if name in sys.modules])"
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
