"""Proofs of credentials: the vectors of the specification, and everything that is refused."""

import copy
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from certificates.adapters import linked_data
from certificates.adapters.canonical_json import canonical, parse_json
from certificates.adapters.data_integrity import BadProof, UnknownKey, add_proof, check_proof
from certificates.adapters.linked_data import CREDENTIALS_CONTEXT, canonical_statements
from certificates.domain.instants import as_seconds, read_seconds
from certificates.domain.multibase import decode_multibase, encode_multibase
from tests.certificates.issuer_at_hand import SIGNED, IssuerAtHand

# Data Integrity EdDSA Cryptosuites v1.0 (W3C, 2025), appendix B.1, the vector of eddsa-rdfc-2022.
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
METHOD = f"did:key:{PUBLIC}#{PUBLIC}"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
EXAMPLES_CONTEXT = "https://www.w3.org/ns/credentials/examples/v2"
UNSIGNED = {
    "@context": [CREDENTIALS_CONTEXT, EXAMPLES_CONTEXT],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
DOCUMENT_HASH = "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
PROOF_HASH = "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
PROOF_VALUE = "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"


@pytest.fixture
def _examples_context(monkeypatch, tmp_path):
    """The vector has terms of another context: everything without a term of its own is an example."""
    path = tmp_path / "examples.json"
    path.write_text(json.dumps({"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}))
    monkeypatch.setitem(linked_data._FILES, EXAMPLES_CONTEXT, str(path))


@pytest.fixture(scope="module")
def issuer() -> IssuerAtHand:
    return IssuerAtHand()


@pytest.fixture(scope="module")
def document(issuer):
    return issuer.sign()


def vector_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(decode_multibase(PRIVATE)[2:])


@pytest.mark.usefixtures("_examples_context")
def test_the_hashes_of_the_published_vector_come_out():
    options = {
        "@context": UNSIGNED["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": as_seconds(CREATED),
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
    }

    assert hashlib.sha256(canonical_statements(UNSIGNED)).hexdigest() == DOCUMENT_HASH
    assert hashlib.sha256(canonical_statements(options)).hexdigest() == PROOF_HASH


@pytest.mark.usefixtures("_examples_context")
def test_the_signature_of_the_published_vector_comes_out_and_is_good():
    signed = add_proof(UNSIGNED, key=vector_key(), verification_method=METHOD, created=CREATED)

    assert signed["proof"]["proofValue"] == PROOF_VALUE
    assert check_proof(signed, key_of=lambda *_: vector_key().public_key()) == METHOD


def test_signing_twice_gives_the_same_bytes(issuer):
    assert canonical(issuer.sign()) == canonical(issuer.sign())


def test_a_good_proof_names_its_key(issuer, document):
    assert check_proof(document, key_of=issuer.trust.ed25519) == f"{issuer.did}#credential-one"


def test_a_document_with_a_proof_is_not_signed_once_more(issuer, document):
    with pytest.raises(ValueError, match="has a proof already"):
        add_proof(document, key=issuer.credential_key, verification_method="did:web:x#y", created=SIGNED)


def changed_proof(document, **members):
    [proof] = document["proof"]
    return {**document, "proof": [{**proof, **members}]}


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"type": "Ed25519Signature2020"}, "only DataIntegrityProof"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "only eddsa-rdfc-2022"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "only eddsa-rdfc-2022"),
        ({"proofPurpose": "authentication"}, "only assertionMethod"),
        ({"created": "2026-11-21"}, "when it was made"),
        ({"created": "2026-11-21T10:01:00+01:00"}, "when it was made"),
        ({"created": None}, "other members"),
        ({"nonce": "x"}, "other members"),
        ({"challenge": "x"}, "other members"),
        ({"expires": "2090-01-01T00:00:00Z"}, "other members"),
        ({"@context": CREDENTIALS_CONTEXT}, "other members"),
        ({"proofValue": "zzz"}, "form of one"),
        ({"proofValue": ""}, "base58"),
        ({"proofValue": "uAAAA"}, "base58"),
        ({"proofValue": "z0OIl"}, "base58"),
        ({"proofValue": "z" + "2" * 100_000}, "base58"),
    ],
)
def test_a_proof_that_is_not_like_ours_is_refused(issuer, document, members, says):
    with pytest.raises(BadProof, match=says):
        check_proof(changed_proof(document, **members), key_of=issuer.trust.ed25519)


def test_a_proof_value_that_begins_otherwise_than_ours_is_refused(issuer, document):
    [proof] = document["proof"]
    padded = changed_proof(document, proofValue="z1" + proof["proofValue"][1:])

    with pytest.raises(BadProof, match="form of one"):
        check_proof(padded, key_of=issuer.trust.ed25519)


@pytest.mark.parametrize("several", [[], "twice", None, "text", {}])
def test_none_or_several_proofs_are_refused(issuer, document, several):
    proofs = document["proof"] * 2 if several == "twice" else several

    with pytest.raises(BadProof):
        check_proof({**document, "proof": proofs}, key_of=issuer.trust.ed25519)


@pytest.mark.parametrize(
    "method", ["did:web:elsewhere.example#credential-one", "did:web:127.0.0.1%3A8000#log-one", "", "#credential-one"]
)
def test_a_key_that_is_not_trusted_for_credentials_is_unknown(issuer, method):
    with pytest.raises(UnknownKey):
        check_proof(issuer.sign(method=method or "urn:x"), key_of=issuer.trust.ed25519)


def test_a_proof_from_before_or_after_the_time_of_its_key_is_refused(issuer):
    retired = IssuerAtHand(since=SIGNED, until=SIGNED + timedelta(days=1))

    check_proof(retired.sign(at=SIGNED), key_of=retired.trust.ed25519)
    check_proof(retired.sign(at=SIGNED + timedelta(days=1)), key_of=retired.trust.ed25519)
    for at in (SIGNED - timedelta(seconds=1), SIGNED + timedelta(days=1, seconds=1)):
        with pytest.raises(UnknownKey):
            check_proof(retired.sign(at=at), key_of=retired.trust.ed25519)


def test_a_key_may_sign_in_the_second_in_which_it_was_made():
    fresh = IssuerAtHand(since=SIGNED + timedelta(microseconds=700_000))

    check_proof(fresh.sign(at=SIGNED + timedelta(microseconds=900_000)), key_of=fresh.trust.ed25519)


def test_a_document_with_another_context_has_no_good_proof(issuer, document):
    with pytest.raises(BadProof, match="context that is not ours"):
        check_proof({**document, "@context": ["https://example.org/x"]}, key_of=issuer.trust.ed25519)


@given(st.data())
def test_a_proof_breaks_when_any_text_that_it_covers_changes(issuer, document, data):
    changed = copy.deepcopy(document)
    texts = [(place, name) for place in _places(changed) for name in place if isinstance(place[name], str)]
    place, name = data.draw(st.sampled_from(texts))
    other = data.draw(st.text(min_size=1, max_size=20).filter(lambda text: text != place[name]))
    place[name] = other

    with pytest.raises(BadProof):
        check_proof(changed, key_of=issuer.trust.ed25519)


def _places(value):
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _places(inner)


@given(st.binary(max_size=80))
def test_multibase_comes_back_as_it_was(data):
    assert decode_multibase(encode_multibase(data)) == data


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # naive bounds
def test_an_instant_comes_back_to_the_second(at):
    assert read_seconds(as_seconds(at)) == at.replace(microsecond=0)


@pytest.mark.parametrize("text", ["2026-1-1T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.5Z", "", "now"])
def test_an_instant_is_written_in_one_way(text):
    with pytest.raises(ValueError, match=r"2026|now|''"):
        read_seconds(text)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_is_read_back_and_is_canonical(value):
    assert parse_json(canonical(value)) == value
    assert canonical(parse_json(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "twice"),
        (b"NaN", "not JSON"),
        (b"[-Infinity]", "not JSON"),
        (b"[1e999]", "too large"),
        (b'"\\ud800"', "half a character"),
        (b'{"\\udc00": 1}', "half a character"),
        (b"\xff", "UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"[" * 33 + b"]" * 33, "deeper"),
        (b"[" * 200_000, "deeper"),
        (b'"' + b"x" * 1_000_000 + b'"', "megabyte"),
        (b"{} {}", "not JSON"),
        (b"", "not JSON"),
        (b"9" * 5000, "digits"),
    ],
)
def test_json_that_readers_could_differ_about_is_refused(data, says):
    with pytest.raises(ValueError, match=says):
        parse_json(data)


def test_json_may_be_nested_as_deep_as_any_credential():
    assert parse_json(b"[" * 32 + b"]" * 32)


@pytest.mark.parametrize("value", [float("nan"), 2**60, "\ud800", object()])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(ValueError, match="canonical form"):
        canonical(value)
