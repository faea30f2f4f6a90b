"""Sharing a certificate: by its holder alone, no more than they chose, and gone at once."""

import io
from fractions import Fraction
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.credentials import Credential
from certificates.models.sharing import SharedCertificate
from certificates.operations.sharing import erase_sharing, share_certificate
from certificates.queries.sharing import export_sharing
from lms import clock
from lms.db.session import Database
from lms.errors import NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import NAME, UNTIL, the_certificate
from tests.certificates.shown import (
    EMAIL,
    REASON,
    certificate,
    holder,
    in_three_years,
    main_of,
    make_holder,
    set_state,
    signed_in,
    stranger,
    unsigned,
)
from tests.certificates.signed import make_design
from tests.people import make_person, sign_in

__all__ = ["certificate", "holder", "signed_in", "stranger", "unsigned"]  # fixtures
TAKEN_BACK = (CertificateState.SUSPENDED, CertificateState.REVOKED, CertificateState.SUPERSEDED)


def share(client: FlaskClient, certificate_id: str, **ticks: str) -> None:
    answer = client.post(f"/certificates/{certificate_id}/share", data=ticks)
    assert answer.status_code == 303


def pages_of(certificate_id: str) -> list[str]:
    return [f"/share/{certificate_id}{rest}" for rest in ("", "/card.png", "/badge.svg")]


def test_nothing_is_shared_until_the_holder_says_so(stranger, signed_in, certificate):
    for path in pages_of(certificate.id):
        assert stranger.get(path).status_code == 404
    assert "Not shared" in signed_in.get(f"/certificates/{certificate.id}/share").text

    share(signed_in, certificate.id)

    for path in pages_of(certificate.id):
        assert stranger.get(path).status_code == 200
    assert (
        f"http://127.0.0.1:8000/share/{certificate.id}" in signed_in.get(f"/certificates/{certificate.id}/share").text
    )


def test_a_shared_page_says_who_what_and_whether_it_holds(stranger, signed_in, certificate):
    share(signed_in, certificate.id)

    page = main_of(stranger.get(f"/share/{certificate.id}").text)

    for told in ("Ada Lovelace", NAME, "it holds today", UNTIL.date().isoformat(), f'href="/verify/{certificate.id}"'):
        assert told in page


def test_scores_stand_there_only_when_the_holder_ticked_them(stranger, signed_in, certificate):
    share(signed_in, certificate.id)
    assert "100 %" not in stranger.get(f"/share/{certificate.id}").text
    assert "Splitting" not in stranger.get(f"/share/{certificate.id}").text

    share(signed_in, certificate.id, shows_scores="y")
    page = stranger.get(f"/share/{certificate.id}").text
    assert "100 % overall; 70 % was needed" in page
    assert "Splitting" in page

    share(signed_in, certificate.id)
    assert "100 %" not in stranger.get(f"/share/{certificate.id}").text


@pytest.mark.parametrize("shows_scores", [{}, {"shows_scores": "y"}])
def test_a_shared_page_leaks_nothing_else(stranger, signed_in, certificate, holder, database, shows_scores):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        credential = session.scalars(select(Credential)).one()
    share(signed_in, certificate.id, **shows_scores)

    for path in pages_of(certificate.id):
        body = stranger.get(path).data
        for secret in (
            EMAIL,
            str(holder.id),
            holder.id.hex,
            str(certificate.attempt_id),
            credential.salt,
            "proofValue",
        ):
            assert secret.encode() not in body, path


def test_stopping_takes_the_page_away_at_once_and_as_if_there_had_never_been_one(stranger, signed_in, certificate):
    share(signed_in, certificate.id)

    assert signed_in.post(f"/certificates/{certificate.id}/stop-sharing").status_code == 303
    assert signed_in.post(f"/certificates/{certificate.id}/stop-sharing").status_code == 303  # again is harmless

    for stopped, unknown in zip(pages_of(certificate.id), pages_of("x" * 24), strict=True):
        one, other = stranger.get(stopped), stranger.get(unknown)
        assert (one.status_code, other.status_code) == (404, 404)
        assert main_of(one.text) == main_of(other.text)


@pytest.mark.parametrize("state", TAKEN_BACK)
def test_what_was_taken_back_is_said_without_reason_scores_or_badge(app, stranger, signed_in, certificate, state):
    share(signed_in, certificate.id, shows_scores="y")
    before = stranger.get(f"/share/{certificate.id}/card.png").data
    set_state(app, certificate.id, state)

    page = stranger.get(f"/share/{certificate.id}").text

    assert state.value.title() in page
    for wrong in ("it holds today", "100 %", REASON, "badge.svg"):
        assert wrong not in page
    assert stranger.get(f"/share/{certificate.id}/badge.svg").status_code == 404
    assert stranger.get(f"/share/{certificate.id}/card.png").data != before


def test_an_expired_certificate_is_said_to_be_and_keeps_its_badge(stranger, signed_in, certificate):
    share(signed_in, certificate.id)

    with in_three_years():
        page = stranger.get(f"/share/{certificate.id}").text
        badge = stranger.get(f"/share/{certificate.id}/badge.svg")

    assert "Expired" in page
    assert "it holds today" not in page
    assert badge.status_code == 200


def test_until_it_is_signed_the_page_says_so(stranger, signed_in, unsigned):
    share(signed_in, unsigned.id)

    assert "is being signed" in stranger.get(f"/share/{unsigned.id}").text


@pytest.mark.parametrize("changed", [{"holder_name": "Mallory"}, {"score": Fraction(9, 10)}, {"state": "revoked"}])
def test_a_row_that_was_changed_by_hand_is_vouched_for_by_no_page(stranger, signed_in, certificate, database, changed):
    share(signed_in, certificate.id, shows_scores="y")
    if "state" in changed:
        changed = {"state": CertificateState.REVOKED, "state_reason": "by hand"}
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for name, value in changed.items():
            setattr(session.get_one(Certificate, certificate.id), name, value)

    page = stranger.get(f"/share/{certificate.id}").text

    assert "must not be relied on" in page
    for wrong in ("it holds today", "was needed to pass", "badge.svg"):
        assert wrong not in page
    assert stranger.get(f"/share/{certificate.id}/badge.svg").status_code == 404


def test_an_erased_certificate_is_shown_nowhere(stranger, signed_in, certificate, database):
    share(signed_in, certificate.id)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        row = session.get_one(Certificate, certificate.id)
        row.state, row.state_reason, row.holder_name = CertificateState.ERASED, "gone", ""

    for path in pages_of(certificate.id):
        assert stranger.get(path).status_code == 404


def test_who_leaves_shares_nothing_any_more(database: Database, holder, certificate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        share_certificate(
            session, certificate_id=certificate.id, person_id=holder.id, shows_scores=True, at=clock.now()
        )
        told = export_sharing(session, holder.id)
        erase_sharing(session, person_id=holder.id)
        rows = session.scalars(select(SharedCertificate)).all()

    assert told["certificates"][0]["id"] == certificate.id
    assert told["portfolio"] is None
    assert rows == []


@pytest.mark.parametrize("path", ["share", "formats"])
def test_somebody_elses_certificate_is_not_there(client: FlaskClient, certificate, database: Database, path):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        other = make_person(session)
    assert client.get(f"/certificates/{certificate.id}/{path}").status_code == 303  # to the sign-in
    sign_in(client, other)

    foreign, unknown = client.get(f"/certificates/{certificate.id}/{path}"), client.get(f"/certificates/x/{path}")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert main_of(foreign.text) == main_of(unknown.text)
    for verb in ("share", "stop-sharing"):
        assert client.post(f"/certificates/{certificate.id}/{verb}").status_code == 404


def test_nobody_shares_for_somebody_else(database: Database, certificate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        other = make_person(session)
        with pytest.raises(NotFound):
            share_certificate(
                session, certificate_id=certificate.id, person_id=other.id, shows_scores=True, at=clock.now()
            )


def test_links_to_a_shared_page_come_with_a_picture(stranger, signed_in, certificate):
    share(signed_in, certificate.id)
    page = stranger.get(f"/share/{certificate.id}").text
    at = page.index('property="og:image" content="') + len('property="og:image" content="')
    address = page[at : page.index('"', at)]

    answer = stranger.get(address.removeprefix("http://127.0.0.1:8000"))

    assert address.startswith("http://127.0.0.1:8000/share/")
    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert 'name="twitter:card" content="summary_large_image"' in page


def test_the_picture_may_be_kept_for_half_a_minute_and_is_asked_for_by_its_content(stranger, signed_in, certificate):
    share(signed_in, certificate.id)
    path = f"/share/{certificate.id}/card.png"
    first = stranger.get(path)

    again = stranger.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=30"
    assert (again.status_code, again.data) == (304, b"")
    assert "Set-Cookie" not in first.headers


def test_shared_pages_ask_search_engines_not_to_list_them(stranger, signed_in, certificate):
    share(signed_in, certificate.id)

    for path in pages_of(certificate.id):
        assert stranger.get(path).headers["X-Robots-Tag"] == "noindex"


def test_badge_and_card_take_the_colour_of_the_design(stranger, signed_in, certificate, holder, database):
    share(signed_in, certificate.id)
    plain = [stranger.get(path).data for path in pages_of(certificate.id)[1:]]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        design = make_design(session, holder.id, accent="#7a1f3d")
        session.scalars(select(Credential)).one().design_version_id = design.id

    designed = [stranger.get(path).data for path in pages_of(certificate.id)[1:]]

    assert plain[0] != designed[0]
    assert plain[1] != designed[1]


def test_a_name_is_text_wherever_it_stands(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_holder(session, name="<script>\"&' محمد")
        found = the_certificate(session, person.id)
    sign_in(client, person)
    share(client, found.id)

    page = client.get(f"/share/{found.id}").text

    assert "<script>&#34;" not in page
    assert "&lt;script&gt;" in page
    assert client.get(f"/share/{found.id}/card.png").status_code == 200


def test_the_linkedin_link_is_plain_and_says_what_linkedin_documents(signed_in, certificate):
    page = signed_in.get(f"/certificates/{certificate.id}/").text
    start = page.index("https://www.linkedin.com/")
    link = page[start : page.index('"', start)].replace("&amp;", "&")

    said = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}

    assert said == {
        "startTask": "CERTIFICATION_NAME",
        "name": NAME,
        "organizationName": certificate.issuer,
        "issueYear": str(certificate.issued_at.year),
        "issueMonth": str(certificate.issued_at.month),
        "expirationYear": str(UNTIL.year),
        "expirationMonth": str(UNTIL.month),
        "certUrl": f"http://127.0.0.1:8000/verify/{certificate.id}",
        "certId": certificate.id,
    }
    assert 'rel="noopener noreferrer external"' in page
    assert "licdn" not in page


def test_the_certificate_in_an_old_name_offers_to_ask_for_the_present_one(signed_in, certificate):
    assert "Ask for the certificate in this name" not in signed_in.get(f"/certificates/{certificate.id}/").text
    signed_in.post("/account/name", data={"name": "Ada King"})

    page = signed_in.get(f"/certificates/{certificate.id}/").text

    assert "Your account says Ada King." in page
    assert f'action="/certificates/{certificate.id}/name"' in page
