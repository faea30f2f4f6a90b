"""What we sign is good to verifiers that we had no part in: Digital Bazaar's in Node, and openvc in Python."""

import copy
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from openvc.did.base import DidDocument, parse_did_document
from openvc.errors import OpenvcError
from openvc.verify import VerificationPolicy, verify_credential

from certificates.adapters.data_integrity import add_proof
from certificates.domain.status_list import LENGTH, StatusPurpose, encode_bits, list_content
from certificates.domain.trust import public_jwk
from tests.certificates.issuer_at_hand import SIGNED, TODAY, IssuerAtHand
from tests.certificates.node_verifier import NodeVerifier

NOW = "2026-12-21T10:00:00Z"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
INDEX = 4711  # of the credentials of an issuer at hand

Verifier = Callable[[dict[str, Any], IssuerAtHand, dict[str, Any]], bool]


@pytest.fixture(scope="module")
def issuer() -> IssuerAtHand:
    return IssuerAtHand()


@pytest.fixture(scope="module")
def document(issuer: IssuerAtHand) -> dict[str, Any]:
    return issuer.sign()


def status_list(issuer: IssuerAtHand, *set_bits: int) -> dict[str, Any]:
    content = list_content(
        base_url=issuer.base_url,
        purpose=StatusPurpose.SUSPENSION,
        number=1,
        issuer=issuer.did,
        encoded=encode_bits(set_bits, LENGTH),
        at=SIGNED,
    )
    method = f"{issuer.did}#credential-one"
    return add_proof(content, key=issuer.credential_key, verification_method=method, created=SIGNED)


@pytest.fixture(params=["digitalbazaar", "openvc"])
def is_good(request: pytest.FixtureRequest, node: NodeVerifier) -> Verifier:
    """Whether a verifier takes a credential, given its issuer's DID document and its status list."""

    def with_node(document: dict[str, Any], issuer: IssuerAtHand, status: dict[str, Any]) -> bool:
        return node.verify(document, documents=[issuer.did_document, status], now=NOW) is None

    def with_openvc(document: dict[str, Any], issuer: IssuerAtHand, status: dict[str, Any]) -> bool:
        return _openvc_takes(document, issuer, status, node)

    return with_node if request.param == "digitalbazaar" else with_openvc


class _Documents:
    """A resolver that knows one DID document."""

    def __init__(self, issuer: IssuerAtHand) -> None:
        self._issuer = issuer

    def supports(self, did: str) -> bool:
        return did == self._issuer.did

    def resolve(self, did: str) -> DidDocument:
        return parse_did_document(self._issuer.did_document)


def _openvc_takes(document: dict[str, Any], issuer: IssuerAtHand, status: dict[str, Any], node: NodeVerifier) -> bool:
    resolver = _Documents(issuer)
    policy = VerificationPolicy(now=TODAY, require_status_issuer_binding=True)

    def fetch(url: str) -> dict[str, Any]:
        assert url == status["id"]
        verify_credential(status, resolver=resolver, policy=policy)
        return status

    try:
        verify_credential(
            _with_plain_proof(document),
            policy=policy,
            resolver=resolver,
            resolve_status_list=fetch,
            extra_contexts={BADGES: node.context(BADGES)},
        )
    except OpenvcError:
        return False
    return True


def _with_plain_proof(document: dict[str, Any]) -> dict[str, Any]:
    """openvc takes one proof, and not an array of one as the schema of Open Badges has it; it means the same."""
    [proof] = document["proof"]
    return {**document, "proof": proof}


def test_a_credential_is_good(is_good, issuer, document):
    assert is_good(document, issuer, status_list(issuer))


@pytest.mark.parametrize("bits", [(INDEX,), (INDEX - 1, INDEX, INDEX + 1)])
def test_a_credential_whose_status_bit_is_set_is_refused(is_good, issuer, document, bits):
    assert not is_good(document, issuer, status_list(issuer, *bits))


def test_the_bits_of_others_do_not_matter(is_good, issuer, document):
    assert is_good(document, issuer, status_list(issuer, 0, INDEX - 1, INDEX + 1, LENGTH - 1))


def test_a_status_list_that_somebody_changed_is_refused(is_good, issuer, document):
    forged = status_list(issuer, INDEX)
    forged["credentialSubject"]["encodedList"] = encode_bits([], LENGTH)

    assert not is_good(document, issuer, forged)


def test_a_status_list_of_somebody_else_is_refused(is_good, issuer, document):
    forged = status_list(issuer.with_new("credential_key"))

    assert not is_good(document, issuer, forged)


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        assert place[path[-1]] != to
        place[path[-1]] = to

    return change


CHANGES = {
    "the holder's name": _set("credentialSubject", "identifier", 0, "identityHash", to="Mallory"),
    "a score": _set("credentialSubject", "result", 1, "value", to="99"),
    "a level": _set("credentialSubject", "result", 0, "achievedLevel", to="urn:other#level-expert"),
    "what was required": _set("credentialSubject", "achievement", "criteria", "narrative", to="Nothing."),
    "the last day": _set("validUntil", to="2090-01-01T00:00:00Z"),
    "the day of issue": _set("validFrom", to="2026-11-21T09:00:01Z"),
    "the achievement": _set("name", to="Doctor of Everything"),
    "the issuer's name": _set("issuer", "name", to="Somebody else"),
    "the number": _set("id", to="http://127.0.0.1:8000/certificates/p7Yw3xQd0KJ_rZ8mTn-vB4Le/credential/2"),
    "the status index": _set("credentialStatus", "statusListIndex", to="1"),
    "the evidence": _set("evidence", 0, "narrative", to="c2sp.org/tlog-proof@v1"),
    "the instant of signing": _set("proof", 0, "created", to="2026-11-21T09:01:01Z"),
    "the key": _set("proof", 0, "verificationMethod", to="did:web:127.0.0.1%3A8000#log-one"),
    "the purpose": _set("proof", 0, "proofPurpose", to="authentication"),
    "the suite": _set("proof", 0, "cryptosuite", to="eddsa-jcs-2022"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_credential_that_somebody_changed_is_refused(is_good, issuer, document, change):
    changed = copy.deepcopy(document)
    change(changed)

    assert not is_good(changed, issuer, status_list(issuer))


def test_a_member_that_no_context_knows_is_refused(is_good, issuer, document):
    assert not is_good({**document, "honours": "summa cum laude"}, issuer, status_list(issuer))


def test_a_credential_of_another_key_is_refused(is_good, issuer):
    forged = issuer.with_new("credential_key").sign()

    assert not is_good(forged, issuer, status_list(issuer))


def test_a_credential_is_good_after_its_key_retired(is_good, issuer):
    retired = IssuerAtHand(until=SIGNED)
    assert is_good(retired.sign(), retired, status_list(retired))


def test_a_token_is_good_to_node_and_to_pyjwt(node, issuer, document):
    token = issuer.token(document)
    jwk = public_jwk(issuer.document_key.public_key())

    claims = jwt.decode(token, jwt.PyJWK({**jwk, "alg": "ES256"}), algorithms=["ES256"], issuer=issuer.did)

    assert claims == node.claims(token, jwk)
    assert {name: claims[name] for name in document} == document


def test_a_token_that_somebody_changed_is_refused_by_node_and_by_pyjwt(node, issuer, document):
    header, _, signature = issuer.token(document).split(".")
    _, payload, _ = issuer.token({**document, "name": "Doctor of Everything"}).split(".")
    forged = f"{header}.{payload}.{signature}"
    jwk = public_jwk(issuer.document_key.public_key())

    assert node.claims(forged, jwk) is None
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged, jwt.PyJWK({**jwk, "alg": "ES256"}), algorithms=["ES256"])
