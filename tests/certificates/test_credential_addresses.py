"""The addresses in a credential lead somewhere."""

from certificates.domain.credential import StatusEntry, build_content
from certificates.domain.issuer import Issuer
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK
from tests.certificates.factories import BASE_URL, make_office, make_view


def test_the_address_of_an_achievement_leads_to_its_test(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
    issuer = Issuer("did:web:127.0.0.1%3A8000", "Assay", f"{BASE_URL}/")
    content = build_content(make_view(), issuer=issuer, base_url=BASE_URL, number=1, status=StatusEntry(1, 1))
    address = content["credentialSubject"]["achievement"]["id"]

    answer = client.get(address.removeprefix(BASE_URL))

    assert answer.status_code == 303
    assert answer.location == f"/tests/{BANK}/"
    assert client.get(answer.location).status_code == 200


def test_an_achievement_that_nobody_published_leads_nowhere(client):
    assert client.get("/achievements/nothing-of-the-kind").status_code == 404
