"""A holder with a certificate that shows something, for tests of what is shared."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.adapters.workshop import Workshop
from certificates.domain.contents import CertificateView
from certificates.domain.standing import CertificateState
from certificates.models.credentials import ISSUE_TOPIC, Cause
from certificates.models.keys import KeyPurpose
from certificates.operations.credentials import intend_credential, keep_credential
from certificates.queries.intents import find_intent
from lms import clock
from lms.accounts.models import Person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from lms.web.transactions import EXTENSION
from tests.certificates.factories import AT, BASE_URL, make_office, qualify, the_certificate
from tests.certificates.held import change, make_signing
from tests.people import sign_in

EMAIL = "canary@example.org"
REASON = "CANARY-REASON"


def make_holder(session: Session, *, name: str = "Ada Lovelace") -> Person:
    """Somebody who passed the ferry test with 100 %."""
    make_office(session)
    person = session.get_one(Person, qualify(session, name=name))
    person.email = EMAIL
    session.flush()
    return person


def set_state(app: Flask, certificate_id: str, state: CertificateState) -> None:
    """Change the state as somebody who may does it."""
    with app.extensions[EXTENSION].transaction(PUBLIC_ORGANISATION_ID) as session:
        change(session, make_signing(session, app), certificate_id, state, reason=REASON)


def sign(app: Flask, certificate_id: str, *, number: int = 1) -> None:
    """Sign a certificate as the worker does, but print nothing."""
    database = app.extensions[EXTENSION]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        begun = intend_credential(
            session, certificate_id=certificate_id, number=number, cause=Cause.ISSUED, signing=signing, at=AT
        )
        intent = find_intent(session, begun.credential_id)
        key = signing.keys.active(session, KeyPurpose.CREDENTIAL)
        document_key = signing.keys.active(session, KeyPurpose.DOCUMENT)
        signed = Workshop(BASE_URL).sign_credential(intent, key=key, document_key=document_key)
        keep_credential(session, intent=intent, signed=signed, at=AT)
        session.execute(update(OutboxMessage).where(OutboxMessage.topic == ISSUE_TOPIC).values(delivered_at=AT))


def in_three_years() -> time_machine.travel:
    """The time when the certificate has expired, for a `with`; sign-ins have ended as well."""
    return time_machine.travel(clock.now() + timedelta(days=3 * 366), tick=True)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.fixture
def holder(app: Flask, database: Database) -> Person:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_holder(session)


@pytest.fixture
def unsigned(database: Database, holder: Person) -> CertificateView:
    """The holder's certificate before the worker saw it."""
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return the_certificate(session, holder.id)


@pytest.fixture
def certificate(app: Flask, unsigned: CertificateView) -> CertificateView:
    """The same once it is signed and logged."""
    sign(app, unsigned.id)
    return unsigned


@pytest.fixture
def signed_in(client: FlaskClient, holder: Person) -> FlaskClient:
    sign_in(client, holder)
    return client


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()
