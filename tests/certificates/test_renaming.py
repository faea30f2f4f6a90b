"""A certificate follows the name of its holder: asked for by the holder, carried out by a manager, under its old id."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.operations.asking import ask_for_present_name
from certificates.operations.renaming import issue_in_present_name
from lms.accounts.models import Person
from lms.accounts.people import rename
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.outbox.models import OutboxMessage
from tests.certificates.factories import AT, BASE_URL
from tests.certificates.held import LATER, change, make_held, make_signing
from tests.mails import waiting_mails
from tests.people import make_person, sign_in


@pytest.fixture
def office(app, database):
    """A certificate whose holder goes by another name now, and a manager."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        [held] = make_held(session)
        holder = session.get_one(Certificate, held.id).person_id
        rename(session, person_id=holder, name="Ada King", at=AT)
        manager = make_person(session, name="Grace", email="grace@example.org", roles=(Role.MANAGER,))
        return SimpleNamespace(id=held.id, holder=holder, manager=manager, signing=signing)


def issue(session, office, **given):
    values = {"reason": "Married.", "person_id": office.manager.id} | given
    issue_in_present_name(session, certificate_id=office.id, signing=office.signing, at=LATER, **values)


def messages(session, topic):
    return [one.payload for one in session.scalars(select(OutboxMessage).where(OutboxMessage.topic == topic))]


def test_a_manager_has_it_issued_in_the_present_name(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        before = messages(session, "certificate.issue")
        issue(session, office)

        assert session.get_one(Certificate, office.id, populate_existing=True).holder_name == "Ada King"
        asked = [one for one in messages(session, "certificate.issue") if one not in before]
        assert [(one["certificate_id"], one["cause"]) for one in asked] == [(office.id, "name")]
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.renamed")).one()
        assert event.details["reason"] == "Married."
        email = session.get_one(Person, office.holder).email
    assert "Ada King" in waiting_mails(database)[email]
    assert "Married." in waiting_mails(database)[email]


def test_it_is_refused_without_a_reason_without_another_name_and_for_who_holds_it(session, office):
    with pytest.raises(Invalid):
        issue(session, office, reason=" ")
    with pytest.raises(NotAllowed):
        issue(session, office, person_id=office.holder)
    issue(session, office)
    with pytest.raises(Conflict, match="already"):
        issue(session, office)


def test_what_is_revoked_is_not_issued_in_another_name(session, office):
    change(session, office.signing, office.id, CertificateState.REVOKED)

    with pytest.raises(Conflict, match="not in force"):
        issue(session, office)
    with pytest.raises(Conflict, match="not in force"):
        ask_for_present_name(session, certificate_id=office.id, person_id=office.holder, base_url=BASE_URL, at=LATER)


def test_the_holder_asks_and_the_managers_get_a_mail(app, database, office):
    client = app.test_client()
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        holder = session.get_one(Person, office.holder)
    sign_in(client, holder)

    answer = client.post(f"/certificates/{office.id}/name", follow_redirects=True)

    assert "Asked. Somebody looks at it" in answer.text
    mail = waiting_mails(database)["grace@example.org"]
    assert "Ada King" in mail
    assert holder.email in mail
    assert f"{BASE_URL}/manage/certificates/{office.id}" in mail
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.name-asked-for")).one()
        assert event.actor == str(office.holder)


def test_nobody_asks_for_a_name_on_somebody_elses_certificate(app, database, session, office):
    with pytest.raises(NotFound):
        ask_for_present_name(
            session, certificate_id=office.id, person_id=office.manager.id, base_url=BASE_URL, at=LATER
        )


def test_asking_for_the_name_that_it_says_is_told_kindly(app, database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        issue(session, office)
        holder = session.get_one(Person, office.holder)
    client = app.test_client()
    sign_in(client, holder)

    answer = client.post(f"/certificates/{office.id}/name", follow_redirects=True)

    assert "says your present name already" in answer.text


def test_an_appeal_reaches_the_managers_and_nothing_typed_is_lost(app, database, office):
    client = app.test_client()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        holder = session.get_one(Person, office.holder)
        change(session, office.signing, office.id, CertificateState.SUSPENDED, reason="A second look.")
    sign_in(client, holder)
    path = f"/certificates/{office.id}/appeal"

    assert "A second look." in client.get(path).text
    assert client.post(path, data={"text": " "}).status_code == 422
    too_long = client.post(path, data={"text": "why " * 600})
    assert too_long.status_code == 422
    assert "why why" in too_long.text
    assert client.post(path, data={"text": "That was not me."}).status_code == 303
    assert "That was not me." in waiting_mails(database)["grace@example.org"]
    stranger = app.test_client()
    sign_in(stranger, office.manager)
    assert stranger.get(path).status_code == 404
