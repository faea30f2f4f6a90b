"""What the running application issues and serves is good to other people's verifiers, until it is withdrawn."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from certificates.domain.credential import check_shape
from certificates.domain.standing import CertificateState
from certificates.models.credentials import Credential, CredentialState
from certificates.models.keys import KeyPurpose
from certificates.operations.keys import rotate_key
from certificates.operations.state_changes import change_state
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import deliver_all, make_office, qualify, the_certificate
from tests.certificates.held import make_signing
from tests.certificates.open_badges_model import faults


@pytest.fixture
def document(app, database) -> dict[str, Any]:
    """The credential of somebody who passed, as the worker signed it."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_office(session)
        person_id = qualify(session, name="Nguyễn Thị Ánh")
        the_certificate(session, person_id)
    deliver_all(app)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        [credential] = session.scalars(select(Credential))
    assert credential.state is CredentialState.SIGNED, credential.flag
    return json.loads(credential.document)


@pytest.fixture
def fault_of(client, node, document):
    """Why a verifier refuses the credential with what the application serves now; None when it does not."""

    def fault_of() -> str | None:
        status_path = document["credentialStatus"]["statusListCredential"].partition("8000")[2]
        served = [client.get(path).get_json(force=True) for path in ("/.well-known/did.json", status_path)]
        return node.verify(document, documents=served, now=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))

    return fault_of


def test_what_the_worker_signs_is_of_our_shape_and_fits_the_model_of_open_badges(document):
    check_shape(document)
    assert faults(document) == []


def test_what_is_issued_is_good_until_it_is_suspended_and_again_when_it_is_reinstated(
    app, database, document, fault_of
):
    certificate_id = document["id"].split("/")[-3]
    assert fault_of() is None

    for state, fault in (
        (CertificateState.SUSPENDED, "the status suspension is set"),
        (CertificateState.VALID, None),
        (CertificateState.REVOKED, "the status suspension is set"),
    ):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            signing = make_signing(session, app)
            change_state(
                session,
                certificate_id=certificate_id,
                to=state,
                reason="A reason.",
                actor_id=None,
                signing=signing,
                at=clock.now(),
            )
        assert fault_of() == fault


def test_what_is_issued_stays_good_after_another_key_took_over(app, database, fault_of):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        rotate_key(session, keys=signing.keys, purpose=KeyPurpose.CREDENTIAL, at=clock.now(), actor="test")

    assert fault_of() is None
