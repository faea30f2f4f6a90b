"""The worker without its press, and decisions about certificates, for tests that look at no PDF."""

import pytest
from flask import Flask

from certificates import tasks
from certificates.adapters.signing import Signing
from certificates.domain.standing import CertificateState
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import BASE_URL, deliver_all
from tests.certificates.held import change


def signing_of(app: Flask) -> Signing:
    return Signing(app.extensions["assay.keys"], BASE_URL)


def sign_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the worker until nothing is due, but print nothing: that takes a second each."""
    monkeypatch.setattr(tasks.Issuing, "_print", lambda *_: None)
    deliver_all(app)


def decide(app: Flask, database: Database, certificate_id: str, *states: CertificateState) -> None:
    """Bring a certificate into these states, one after the other."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for state in states:
            change(session, signing_of(app), certificate_id, state, reason="CANARY-REASON")
