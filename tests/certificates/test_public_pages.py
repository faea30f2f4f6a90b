"""The public pages: start, tiers, verification."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates.domain.contents import CertificateView
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.operations.personal_data import erase_certificates
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK
from tests.certificates.at_work import decide, sign_all, signing_of
from tests.certificates.factories import AT, NAME, UNTIL, make_office, qualify, the_certificate
from tests.courses.shelves import make_course
from tests.people import make_person, sign_in

HOLDER = "<b>Ada</b> & محمد"


@pytest.fixture
def certificate(app: Flask, database: Database) -> CertificateView:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        make_course(session, BANK, title="Ferry facts")
        return the_certificate(session, qualify(session, name=HOLDER))


@pytest.fixture
def signed(app: Flask, certificate: CertificateView, monkeypatch: pytest.MonkeyPatch) -> CertificateView:
    """The certificate once the worker has signed it."""
    sign_all(app, monkeypatch)
    return certificate


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def without_token(page: str) -> str:
    """What a page says, without the token of its form, which tells only the second of the request."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", main_of(page))


def test_the_start_page_tells_a_newcomer_what_this_is(client: FlaskClient, certificate):
    page = main_of(client.get("/").text)

    assert 'class="button primary" href="/courses/ferry-facts/"' in page
    assert "Qualifying is not paid." in page
    assert "USD 40 to 50 per hour" in page
    assert "about 3 hours" in page or "about 2.5 hours" in page
    assert "practice and demonstration" in page


def test_the_start_page_works_on_an_empty_installation(client: FlaskClient):
    assert client.get("/").status_code == 200
    assert "No tier is published yet" in client.get("/tiers/").text


def test_tiers_show_pay_requirements_and_what_is_only_announced(client: FlaskClient, certificate):
    page = main_of(client.get("/tiers/").text)

    assert "USD 90 to 120 per hour" in page
    assert page.count("No track leads here yet") == 1
    assert 'href="/tests/ferry-facts/"' in page
    assert "Open to you" not in page


def test_tiers_tell_the_signed_in_what_is_open_and_the_next_step(client: FlaskClient, database: Database, certificate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        newcomer = make_person(session)
    sign_in(client, newcomer)

    page = main_of(client.get("/tiers/").text)

    assert page.count("Not open yet") == 2
    assert "Next step: Ferry facts" in page


def test_a_certificate_opens_its_tier_and_counts_toward_the_next(client: FlaskClient, database: Database, certificate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
        row = session.get_one(Certificate, certificate.id)
        row.person_id = person.id
    sign_in(client, person)

    page = main_of(client.get("/tiers/").text)

    assert page.count("Open to you") == 1
    assert page.count("Not open yet") == 1
    assert re.search(r"What is missing</h3>\s*<ul>\s*<li>Harbour Law Reviewer", page)


def test_verification_tells_what_to_whom_by_whom_and_whether_it_holds(client: FlaskClient, signed):
    answer = client.get(f"/verify/{signed.id}")
    page = main_of(answer.text)

    assert answer.status_code == 200
    for told in (NAME, "Assay public catalogue", AT.date().isoformat(), UNTIL.date().isoformat(), "it holds today"):
        assert told in page
    assert "&lt;b&gt;Ada&lt;/b&gt; &amp; محمد" in page
    assert "<b>Ada" not in page


def test_verification_tells_no_more_than_needed(app: Flask, client: FlaskClient, signed, database: Database):
    decide(app, database, signed.id, CertificateState.REVOKED)

    page = main_of(client.get(f"/verify/{signed.id}").text)

    assert "Revoked" in page
    assert "withdrawn later" in page
    for secret in ("CANARY-REASON", "100 %", "@example.org", str(signed.attempt_id), "Splitting"):
        assert secret not in page


@pytest.mark.parametrize(
    "state", [s for s in CertificateState if s not in {CertificateState.VALID, CertificateState.ERASED}]
)
def test_every_state_is_explained(app: Flask, client: FlaskClient, signed, database: Database, state):
    decide(app, database, signed.id, state)

    answer = client.get(f"/verify/{signed.id}")

    assert answer.status_code == 200
    assert state.value.title() in answer.text
    assert "it holds today" not in answer.text


def test_erased_and_unknown_answer_alike(app: Flask, client: FlaskClient, signed, database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = session.get_one(Certificate, signed.id).person_id
        erase_certificates(session, person_id=person_id, at=AT, signing=signing_of(app))

    client.get("/verify/")  # the cookie is set with the first page, whichever that is
    erased = client.get(f"/verify/{signed.id}")
    unknown = client.get("/verify/" + "x" * 24)

    assert (erased.status_code, unknown.status_code) == (404, 404)
    assert without_token(erased.text) == without_token(unknown.text)
    assert {name for name, _ in erased.headers} == {name for name, _ in unknown.headers}


@pytest.mark.parametrize("path", ["/verify/", "/verify/unknown"])
def test_verification_is_neither_stored_nor_indexed(client: FlaskClient, path):
    headers = client.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize("typed", ["{id}", " {id} ", "http://127.0.0.1:8000/verify/{id}", "https://x.org/verify/{id}/"])
def test_an_id_or_the_whole_address_may_be_typed(client: FlaskClient, certificate, typed):
    answer = client.get("/verify/", query_string={"id": typed.format(id=certificate.id)})

    assert answer.status_code == 303
    assert answer.location == f"/verify/{certificate.id}"


@pytest.mark.parametrize("typed", ["", " ", "https://", "//evil.example", "../../x", "<script>", "\t\n", "%2e%2e"])
def test_whatever_is_typed_stays_on_this_site(client: FlaskClient, typed):
    answer = client.get("/verify/", query_string={"id": typed})

    assert answer.status_code in {200, 303}
    if answer.status_code == 303:
        assert answer.location.startswith("/verify/")
        assert client.get(answer.location).status_code == 404


def test_header_and_footer_lead_here(client: FlaskClient):
    page = client.get("/").text

    assert '<a href="/tiers/">Tiers</a>' in page
    assert '<a href="/verify/">Verify a certificate</a>' in page
