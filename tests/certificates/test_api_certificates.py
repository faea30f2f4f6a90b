"""Certificates in the API: the organisation's own and the public catalogue's, of people who agreed to that."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from certificates.models.certificates import Certificate
from lms import clock
from lms.accounts.models import Membership
from lms.members.consents import ConsentScope, give, withdraw
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.api_keys import caller_with, make_api_key
from tests.assessments.factories import BANK
from tests.certificates.factories import AT, make_office, qualify, the_certificate
from tests.statements import without_repetition

CERTIFICATES = "/api/v1/certificates"


@pytest.fixture
def vendor(database):
    """The id of another organisation."""
    organisation = Organisation(id=uuid4(), slug=f"v-{uuid4().hex[:8]}", name="A vendor", created_at=AT)
    with database.transaction() as session:
        session.add(organisation)
    return organisation.id


@pytest.fixture
def caller(app, database, vendor):
    """A program of the other organisation."""
    with without_repetition(app):
        yield caller_with(app, make_api_key(database, organisation_id=vendor).secret)


@pytest.fixture
def holder(session):
    """The id of somebody with a certificate of the public catalogue, and the certificate."""
    make_office(session)
    person_id = qualify(session)
    certificate = the_certificate(session, person_id)
    session.commit()
    return person_id, certificate


def join(database, vendor, person_id, *, consents=(ConsentScope.CERTIFICATES,)):
    with database.transaction(vendor) as session:
        session.add(
            Membership(person_id=person_id, organisation_id=vendor, role=Role.CANDIDATE, granted_at=clock.now())
        )
        session.flush()
        give(session, person_id=person_id, scopes=consents, at=clock.now())


def test_a_certificate_of_the_public_catalogue_is_seen_once_its_holder_agreed(caller, database, vendor, holder):
    person_id, certificate = holder
    before = caller.get(CERTIFICATES).get_json()
    join(database, vendor, person_id)

    page = caller.get(CERTIFICATES).get_json()

    assert before["items"] == []
    assert [(each["id"], each["subject"]) for each in page["items"]] == [(certificate.id, str(person_id))]
    shown = page["items"][0]
    assert shown["catalogue"] == "public"
    assert shown["achievement"] == BANK
    assert shown["standing"] == "valid"
    assert shown["verify_url"].endswith(f"/verify/{certificate.id}")
    assert certificate.holder_name not in str(page)
    assert caller.get(f"{CERTIFICATES}/{certificate.id}").get_json() == shown


def test_without_consent_or_membership_a_certificate_is_like_one_that_never_was(caller, database, vendor, holder):
    person_id, certificate = holder
    never = caller.get(f"{CERTIFICATES}/2345678923456789")
    unseen = caller.get(f"{CERTIFICATES}/{certificate.id}")
    join(database, vendor, person_id, consents=(ConsentScope.RESULTS,))
    without = caller.get(f"{CERTIFICATES}/{certificate.id}")

    for answer in (never, unseen, without):
        assert answer.status_code == 404
        problem = answer.get_json()
        assert problem["type"].endswith("#unknown-certificate")
        assert problem["detail"] == never.get_json()["detail"]


def test_a_withdrawn_consent_counts_at_once(caller, database, vendor, holder):
    person_id, certificate = holder
    join(database, vendor, person_id)
    assert caller.get(f"{CERTIFICATES}/{certificate.id}").status_code == 200

    with database.transaction(vendor) as session:
        withdraw(session, person_id=person_id, scope=ConsentScope.CERTIFICATES, at=clock.now())

    assert caller.get(f"{CERTIFICATES}/{certificate.id}").status_code == 404
    assert caller.get(CERTIFICATES).get_json()["items"] == []


def test_an_organisation_sees_its_own_and_an_expired_one_says_so(app, database, session):
    make_office(session)
    person_id = qualify(session)
    give(session, person_id=person_id, scopes=[ConsentScope.CERTIFICATES], at=AT)
    certificate_id = the_certificate(session, person_id).id
    session.execute(update(Certificate).values(valid_until=clock.now() - timedelta(seconds=1)))
    session.commit()

    shown = caller_with(app, make_api_key(database).secret).get(f"{CERTIFICATES}/{certificate_id}").get_json()

    assert shown["catalogue"] == "own"
    assert shown["standing"] == "expired"


def test_certificates_are_found_by_person_and_by_achievement(caller, database, vendor, holder):
    person_id, _certificate = holder
    join(database, vendor, person_id)

    def count(query):
        return len(caller.get(f"{CERTIFICATES}?{query}").get_json()["items"])

    assert count(f"subject={person_id}") == count(f"achievement={BANK}") == 1
    assert count(f"subject={uuid4()}") == count("achievement=another") == 0


def test_pages_hold_every_certificate_once(app, database, session):
    make_office(session)
    people = [qualify(session, name=f"Holder {number}") for number in range(5)]
    for person_id in people:
        give(session, person_id=person_id, scopes=[ConsentScope.CERTIFICATES], at=AT)
    session.commit()
    caller = caller_with(app, make_api_key(database, organisation_id=PUBLIC_ORGANISATION_ID).secret)
    seen, query = [], "limit=2"
    while query:
        page = caller.get(f"{CERTIFICATES}?{query}").get_json()
        seen += [each["subject"] for each in page["items"]]
        query = f"limit=2&after={page['next']}" if page["next"] else ""

    assert sorted(seen) == sorted(str(person_id) for person_id in people)
