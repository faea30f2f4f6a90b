"""A holder's pages: home, certificate, PDF; and the panels on pages of lower floors."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessments.operations.starting import start_attempt
from certificates.domain.contents import CertificateView
from certificates.models.certificates import Certificate, CertificateFile
from lms import clock
from lms.accounts.models import Person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, NAME, UNTIL, deliver_all, make_office, qualify, the_certificate
from tests.courses.shelves import make_course
from tests.people import make_person, sign_in


@pytest.fixture
def holder(app: Flask, database: Database) -> Person:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        make_course(session, BANK, title="Ferry facts")
        return session.get_one(Person, qualify(session, name="محمد <i>"))


@pytest.fixture
def certificate(database: Database, holder: Person) -> CertificateView:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return the_certificate(session, holder.id)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_the_certificate_as_a_page_says_what_the_pdf_says(client: FlaskClient, holder, certificate):
    sign_in(client, holder)

    page = main_of(client.get(f"/certificates/{certificate.id}/").text)

    for told in (NAME, "100 % overall; 70 % was needed", "Splitting", UNTIL.date().isoformat(), certificate.id):
        assert told in page
    assert '<p class="holder" dir="auto">محمد &lt;i&gt;</p>' in page
    assert f'href="/certificates/{certificate.id}.pdf"' in page
    assert f"http://127.0.0.1:8000/verify/{certificate.id}" in page
    assert f'href="/certificates/{certificate.id}/share"' in page
    assert "style=" not in page


@pytest.mark.parametrize("path", ["/certificates/{}/", "/certificates/{}.pdf"])
def test_a_certificate_is_its_holders_alone(client: FlaskClient, database: Database, certificate, path):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        stranger = make_person(session)
    assert client.get(path.format(certificate.id)).status_code == 303  # to the sign-in

    sign_in(client, stranger)

    foreign, unknown = client.get(path.format(certificate.id)), client.get(path.format("x" * 24))
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert main_of(foreign.text) == main_of(unknown.text)


def test_until_it_is_rendered_a_page_says_so_and_leads_there_again(client: FlaskClient, holder, certificate):
    sign_in(client, holder)

    answer = client.get(f"/certificates/{certificate.id}.pdf")

    assert answer.status_code == 202
    assert f'<a class="button primary" href="/certificates/{certificate.id}.pdf">Look again</a>' in answer.text


def test_the_pdf_is_a_download_with_a_plain_name(app: Flask, client: FlaskClient, holder, certificate):
    deliver_all(app)
    sign_in(client, holder)

    answer = client.get(f"/certificates/{certificate.id}.pdf")

    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    wanted = f'attachment; filename="certificate-ferry-facts-{certificate.id}.pdf"'
    assert answer.headers["Content-Disposition"] == wanted
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_lost_pdf_is_made_anew(app: Flask, client: FlaskClient, database, holder, certificate, data_dir: Path):
    deliver_all(app)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        sha256 = session.scalars(select(CertificateFile.sha256)).one()
    (data_dir / "certificates" / f"{sha256}.pdf").unlink()
    sign_in(client, holder)

    assert client.get(f"/certificates/{certificate.id}.pdf").status_code == 202
    deliver_all(app)

    assert client.get(f"/certificates/{certificate.id}.pdf").status_code == 200


def test_the_home_of_a_newcomer_says_where_to_begin(client: FlaskClient, database: Database, holder):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        newcomer = make_person(session)
    sign_in(client, newcomer)

    page = main_of(client.get("/me/").text)

    assert "Begin with lesson 1" in page
    assert "None yet." in page
    assert "No test taken yet." in page
    assert "Next: Generalist." in page


def test_the_home_of_a_holder_shows_results_certificates_and_tiers(client: FlaskClient, holder, certificate):
    sign_in(client, holder)

    page = main_of(client.get("/me/").text)

    assert f'href="/certificates/{certificate.id}/">{NAME}</a>' in page
    assert "<strong>Generalist</strong>, USD 40 to 50 per hour" in page
    assert "Next: Pilot." in page
    assert "Harbour Law Reviewer" in page
    assert f'href="/attempts/{certificate.attempt_id}/result"' in page
    assert "Begin with lesson 1" not in page


def test_an_open_attempt_comes_first(client: FlaskClient, database: Database, holder):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
        attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=clock.now(), seed=1)
    sign_in(client, person)

    page = main_of(client.get("/me/").text)

    assert f'href="/attempts/{attempt_id}/">Go on with the test</a>' in page
    assert "No test taken yet." in page


def test_an_expired_certificate_is_shown_as_such_and_opens_nothing(client: FlaskClient, database, holder, certificate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        row = session.get_one(Certificate, certificate.id)
        row.issued_at, row.valid_until = AT - timedelta(days=900), AT - timedelta(days=200)
    sign_in(client, holder)

    page = main_of(client.get("/me/").text)

    assert "Expired" in page
    assert "No tier is open to you yet." in page


def test_a_passed_result_links_to_its_certificate_and_names_the_tier(client: FlaskClient, holder, certificate):
    sign_in(client, holder)

    page = main_of(client.get(f"/attempts/{certificate.attempt_id}/result").text)

    assert f'href="/certificates/{certificate.id}/"' in page
    assert "open to you." in page
    assert "still needs Harbour Law Reviewer." in page


def test_a_result_below_the_cut_says_what_the_tier_still_needs(client: FlaskClient, database: Database, holder):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = session.get_one(Person, qualify(session, name="Grace", right=1))
    sign_in(client, person)
    home = client.get("/me/").text
    result = home[home.index("/attempts/") :].partition('"')[0]

    page = main_of(client.get(result).text)

    assert f"still needs {NAME}." in page
    assert "/certificates/" not in page


def test_the_page_of_a_test_says_what_a_pass_leads_to(client: FlaskClient, holder):
    page = main_of(client.get(f"/tests/{BANK}/").text)

    assert f"The certificate “{NAME}”, valid for 24 months." in page
    assert 'href="/tiers/#tier-generalist">Generalist</a>, USD 40 to 50 per hour' in page


def test_a_course_says_where_it_leads(client: FlaskClient, holder):
    for path in ("/courses/", f"/courses/{BANK}/"):
        assert 'href="/tiers/#tier-generalist">Generalist</a> (USD 40 to 50 per hour)' in client.get(path).text
