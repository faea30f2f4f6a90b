"""Keys as strangers see them: DID documents, the JWK Set, and what is trusted of them."""

import dataclasses
from datetime import timedelta

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.adapters.key_ring import KeyRing
from certificates.domain.trust import KeyUse, TrustedKeys, parse_did_document, public_jwk, read_jwk
from certificates.models.keys import KeyPurpose
from certificates.operations.keys import distrust_key, rotate_key
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import AT
from tests.certificates.held import make_signing
from tests.certificates.issuer_at_hand import IssuerAtHand

LATER = AT + timedelta(hours=1)
DID = "did:web:127.0.0.1%3A8000"


def test_did_documents_and_jwks_are_for_everybody(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        old = signing.keys.active(session, KeyPurpose.CREDENTIAL)
        new_id = rotate_key(session, keys=signing.keys, purpose=KeyPurpose.CREDENTIAL, at=LATER, actor="test")
        document_key, log_key, token_key = (
            signing.keys.active(session, purpose) for purpose in (KeyPurpose.DOCUMENT, KeyPurpose.LOG, KeyPurpose.TOKEN)
        )

    answer = client.get("/.well-known/did.json")
    trust = parse_did_document(answer.json)
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["id"] == DID
    assert f"{DID}#{log_key.id}" not in answer.json["assertionMethod"]
    assert token_key.id not in answer.text
    assert trust.ed25519(f"{DID}#{old.id}", LATER) == old.private.public_key()
    assert trust.p256(f"{DID}#{document_key.id}", AT) == document_key.private.public_key()
    assert [key.public for key in trust.keys_for(KeyUse.LOG)] == [log_key.private.public_key()]
    assert all("expires" not in method for method in answer.json["verificationMethod"])

    jwks = {jwk["kid"]: jwk for jwk in client.get("/.well-known/jwks.json").json["keys"]}
    assert jwks.keys() == {old.id, new_id, document_key.id, token_key.id}
    assert read_jwk(jwks[document_key.id]) == document_key.private.public_key()
    assert jwks[document_key.id]["alg"] == "ES256"
    assert "d" not in str([set(jwk) for jwk in jwks.values()]).replace("kid", "")


def test_a_distrusted_key_is_gone_from_what_everybody_reads(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        key = signing.keys.active(session, KeyPurpose.CREDENTIAL)
        distrust_key(session, key_id=key.id, since=AT, reason="Because.", at=LATER, actor="test")

    for path in ("/.well-known/did.json", "/.well-known/jwks.json"):
        assert key.id not in client.get(path).text


def test_a_retired_key_of_tokens_is_published_for_as_long_as_its_tokens_live(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        old = signing.keys.active(session, KeyPurpose.TOKEN)
        rotate_key(session, keys=signing.keys, purpose=KeyPurpose.TOKEN, at=clock.now(), actor="test")

    assert old.id in client.get("/.well-known/jwks.json").text
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        kids = client.get("/.well-known/jwks.json").text
    assert old.id not in kids
    assert kids.count('"token-') == 1


@pytest.mark.parametrize("slug", ["nobody", "public", "..%2Fx"])
def test_an_organisation_that_is_none_has_no_document(client, slug):
    assert client.get(f"/organisations/{slug}/did.json").status_code == 404


def test_keys_come_back_from_the_did_document():
    issuer = IssuerAtHand()
    [read] = parse_did_document(issuer.did_document).by_issuer.values()

    assert read == {key.id: dataclasses.replace(key, since=None) for key in issuer.keys}


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.pop("id"),
        lambda document: document.update(id="https://assay.example"),
        lambda document: document.pop("verificationMethod"),
        lambda document: document.update(verificationMethod=[]),
        lambda document: document.update(verificationMethod={}),
        lambda document: document["verificationMethod"][0].update(publicKeyMultibase="zzz"),
        lambda document: document["verificationMethod"][0].update(type="Ed25519VerificationKey2020"),
        lambda document: document["verificationMethod"][1]["publicKeyJwk"].update(x="AAAA"),
        lambda document: document["verificationMethod"][1]["publicKeyJwk"].update(crv="P-384"),
        lambda document: document["verificationMethod"][1]["publicKeyJwk"].update(y="A" * 43),
    ],
)
def test_a_did_document_that_is_not_ours_is_refused(change):
    document = IssuerAtHand().did_document
    change(document)

    with pytest.raises(ValueError, match=" "):
        parse_did_document(document)


@pytest.mark.parametrize(
    "change",
    [
        lambda document, method: document.update(assertionMethod=[]),
        lambda document, method: document.pop("assertionMethod"),
        lambda document, method: method.update(revoked="2026-01-01T00:00:00Z"),
        lambda document, method: method.update(id="did:web:elsewhere.example#credential-one"),
        lambda document, method: method.update(id=f"{DID}#other-one"),
    ],
)
def test_a_key_that_asserts_nothing_or_was_revoked_is_not_trusted(change):
    issuer = IssuerAtHand()
    document = issuer.did_document
    change(document, document["verificationMethod"][0])

    assert parse_did_document(document).find(f"{issuer.did}#credential-one") is None


def test_pinned_documents_add_up():
    first, second = IssuerAtHand(), IssuerAtHand(base_url="https://other.example")
    both = parse_did_document(first.did_document) | parse_did_document(second.did_document)

    assert both.is_known(first.did)
    assert both.is_known(second.did)
    assert not both.is_known("did:web:elsewhere.example")
    assert not TrustedKeys().is_known(first.did)


def test_a_key_of_one_use_is_not_taken_for_another():
    issuer = IssuerAtHand()

    assert issuer.trust.ed25519(f"{issuer.did}#log-one", AT) is None
    assert issuer.trust.ed25519(f"{issuer.did}#document-one", AT) is None
    assert issuer.trust.p256(f"{issuer.did}#credential-one", AT) is None


def test_a_jwk_holds_the_public_half_only():
    for purpose in KeyPurpose:
        assert "d" not in KeyRing("a secret").make(purpose, is_development=False, at=AT).public_jwk
    signature = IssuerAtHand().document_key.sign(b"x", ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        read_jwk(public_jwk(IssuerAtHand().document_key.public_key())).verify(signature, b"x", ECDSA(SHA256()))
