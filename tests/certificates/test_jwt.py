"""Tokens: the one form that is ours is good, and every known way of forging one is refused."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256K1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from certificates.adapters.credential_jwt import BadToken, UnknownTokenKey, check_jwt, sign_jwt
from certificates.domain.instants import read_seconds
from certificates.domain.trust import public_jwk
from tests.certificates.issuer_at_hand import SIGNED, IssuerAtHand

ALL = ["ES256", "ES384", "ES512", "RS256", "PS256", "HS256", "EdDSA", "ES256K"]


@pytest.fixture(scope="module")
def issuer() -> IssuerAtHand:
    return IssuerAtHand()


@pytest.fixture(scope="module")
def document(issuer: IssuerAtHand) -> dict[str, Any]:
    return issuer.sign()


@pytest.fixture(scope="module")
def token(issuer: IssuerAtHand, document: dict[str, Any]) -> str:
    return issuer.token(document)


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decode(part: str) -> Any:
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def header_of(token: str, **members: Any) -> dict[str, Any]:
    return {**decode(token.split(".")[0]), **members}


def payload_of(token: str, **members: Any) -> dict[str, Any]:
    return {**decode(token.split(".")[1]), **members}


def signed_by_us(issuer: IssuerAtHand, header: Any, payload: Any) -> str:
    """A token of any content with a good signature of the right key: only what it says can be wrong."""
    head, body = (part if isinstance(part, str) else encode(json.dumps(part).encode()) for part in (header, payload))
    r, s = decode_dss_signature(issuer.document_key.sign(f"{head}.{body}".encode(), ECDSA(SHA256())))
    return f"{head}.{body}.{encode(r.to_bytes(32) + s.to_bytes(32))}"


def check(issuer: IssuerAtHand, token: str) -> dict[str, Any]:
    return check_jwt(token, key_of=issuer.trust.p256)


def test_a_token_holds_the_credential_with_its_proof(issuer, document, token):
    assert check(issuer, token) == document


def test_the_claims_are_those_of_open_badges(issuer, document, token):
    claims = payload_of(token)

    assert header_of(token) == {"alg": "ES256", "typ": "JWT", "kid": f"{issuer.did}#document-one"}
    assert claims["iss"] == document["issuer"]["id"]
    assert claims["sub"] == document["credentialSubject"]["id"]
    assert claims["jti"] == document["id"]
    assert claims["nbf"] == read_seconds(document["validFrom"]).timestamp()
    assert claims["exp"] == read_seconds(document["validUntil"]).timestamp()
    assert claims["iat"] == SIGNED.timestamp()


def test_the_forging_here_makes_good_tokens_when_nothing_is_changed(issuer, document, token):
    assert check(issuer, signed_by_us(issuer, header_of(token), payload_of(token))) == document


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
@pytest.mark.parametrize("signature", ["", "AAAA"])
def test_a_token_without_a_signature_is_refused(issuer, token, alg, signature):
    head = encode(json.dumps(header_of(token, alg=alg)).encode())

    with pytest.raises(BadToken):
        check(issuer, f"{head}.{token.split('.')[1]}.{signature}")


@pytest.mark.parametrize("form", ["pem", "der", "jwk", "point"])
def test_the_public_key_as_a_shared_secret_is_refused(issuer, token, form):
    public = issuer.document_key.public_key()
    secret = {
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": json.dumps(public_jwk(public)).encode(),
        "point": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
    }[form]
    head = encode(json.dumps(header_of(token, alg="HS256")).encode())
    body = token.split(".")[1]
    signature = hmac.digest(secret, f"{head}.{body}".encode(), hashlib.sha256)

    with pytest.raises(BadToken, match="header"):
        check(issuer, f"{head}.{body}.{encode(signature)}")


@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("RS256", RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048))),
        ("PS256", RSAKey.import_key(rsa.generate_private_key(public_exponent=65537, key_size=2048))),
        ("ES384", ECKey.import_key(generate_private_key(SECP384R1()))),
        ("ES256K", ECKey.import_key(generate_private_key(SECP256K1()))),
        ("HS256", OctKey.generate_key(256)),
        ("ES256", ECKey.generate_key("P-256")),
    ],
)
def test_another_key_or_algorithm_is_refused(issuer, token, alg, key):
    forged = jws.serialize_compact(header_of(token, alg=alg), json.dumps(payload_of(token)), key, algorithms=ALL)

    with pytest.raises(BadToken):
        check(issuer, forged)


@pytest.mark.parametrize(
    "members",
    [
        {"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}},
        {"jku": "https://evil.example/jwks.json"},
        {"x5u": "https://evil.example/x5u.pem"},
        {"x5c": ["AAAA"]},
        {"x5t": "AAAA"},
        {"crit": ["exp"], "exp": 1},
        {"crit": ["unknown"], "unknown": True},
        {"crit": []},
        {"b64": False},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"typ": "vp+jwt"},
        {"typ": "at+jwt"},
        {"typ": "sd+jwt"},
        {"typ": "jwt"},
        {"typ": None},
        {"alg": "ES512"},
        {"alg": "EdDSA"},
        {"alg": ["ES256"]},
        {"kid": None},
        {"kid": ["did:web:127.0.0.1%3A8000#document-one"]},
        {"kid": "document-one"},
        {"kid": ""},
        {"kid": "did:web:elsewhere.example#document-one"},
        {"kid": "../../etc/passwd"},
    ],
    ids=str,
)
def test_a_header_that_is_not_ours_is_refused_though_its_signature_is_good(issuer, token, members):
    with pytest.raises(BadToken):
        check(issuer, signed_by_us(issuer, header_of(token, **members), payload_of(token)))


def test_a_key_that_came_along_in_the_header_is_not_believed(issuer, token):
    stranger = IssuerAtHand()
    header = header_of(token, jwk=public_jwk(stranger.document_key.public_key()))

    with pytest.raises(BadToken):
        check(issuer, signed_by_us(stranger, header, payload_of(token)))


@pytest.mark.parametrize("missing", ["alg", "kid", "typ"])
def test_a_header_without_all_its_members_is_refused(issuer, token, missing):
    header = header_of(token)
    del header[missing]

    with pytest.raises(BadToken, match="header"):
        check(issuer, signed_by_us(issuer, header, payload_of(token)))


@pytest.mark.parametrize(
    "members",
    [
        {"iss": "did:web:elsewhere.example"},
        {"sub": "urn:uuid:00000000-0000-0000-0000-000000000000"},
        {"jti": "https://assay.example/other"},
        {"nbf": 0},
        {"exp": 4_102_444_800},
        {"iat": 0},
        {"iat": float(SIGNED.timestamp())},
        {"exp": str(4_102_444_800)},
        {"nbf": True},
        {"validUntil": "2090-01-01T00:00:00Z"},
        {"validFrom": "yesterday"},
        {"issuer": "did:web:127.0.0.1%3A8000"},
        {"credentialSubject": None},
        {"proof": []},
        {"proof": None},
        {"id": 7},
    ],
    ids=str,
)
def test_claims_that_do_not_fit_the_credential_are_refused_though_the_signature_is_good(issuer, token, members):
    with pytest.raises(BadToken):
        check(issuer, signed_by_us(issuer, header_of(token), payload_of(token, **members)))


@pytest.mark.parametrize("missing", ["iss", "sub", "jti", "nbf", "exp", "iat"])
def test_a_token_without_all_its_claims_is_refused(issuer, token, missing):
    payload = payload_of(token)
    del payload[missing]

    with pytest.raises(BadToken):
        check(issuer, signed_by_us(issuer, header_of(token), payload))


def test_a_claim_that_stands_twice_is_refused(issuer, token):
    text = json.dumps(payload_of(token))
    twice = encode(f'{text[:-1]}, "iss": "did:web:elsewhere.example"}}'.encode())

    with pytest.raises(BadToken, match="twice"):
        check(issuer, signed_by_us(issuer, header_of(token), twice))


def test_a_header_member_that_stands_twice_is_refused(issuer, token):
    text = json.dumps(header_of(token))
    twice = encode(f'{{"alg": "none", {text[1:]}'.encode())

    with pytest.raises(BadToken, match="twice"):
        check(issuer, signed_by_us(issuer, twice, payload_of(token)))


@pytest.mark.parametrize("members", [{"aud": "somebody"}, {"vc": {}}, {"scope": "admin"}], ids=str)
def test_a_claim_that_ours_do_not_have_is_refused_though_the_signature_is_good(issuer, token, members):
    with pytest.raises(BadToken, match="not a credential of ours"):
        check(issuer, signed_by_us(issuer, header_of(token), payload_of(token, **members)))


@pytest.mark.parametrize("payload", [[], "text", 1, None], ids=str)
def test_a_payload_that_is_no_object_is_refused(issuer, token, payload):
    with pytest.raises(BadToken):
        check(issuer, signed_by_us(issuer, header_of(token), encode(json.dumps(payload).encode())))


def test_a_token_from_outside_the_time_of_its_key_is_refused():
    issuer = IssuerAtHand(since=SIGNED, until=SIGNED)

    check(issuer, issuer.token(issuer.sign(at=SIGNED)))
    for at in (SIGNED - timedelta(seconds=1), SIGNED + timedelta(seconds=1)):
        with pytest.raises(UnknownTokenKey):
            check(issuer, issuer.token(issuer.sign(at=at)))


def test_a_key_for_credentials_does_not_sign_tokens(issuer, document):
    token = sign_jwt(document, key=issuer.document_key, kid="credential-one")

    with pytest.raises(UnknownTokenKey):
        check(issuer, token)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token[:-10],
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token + ".",
        lambda token: "." + token,
        lambda token: token + ".AAAA",
        lambda token: token.replace(".", ". ", 1),
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token.replace(".", "", 1),
        lambda token: token.partition(".")[2],
        lambda token: "",
        lambda token: "..",
        lambda token: "\u00e9." * 2,
        lambda token: token[:-2] + "**",
    ],
)
def test_a_token_that_was_cut_or_added_to_is_refused(issuer, token, change):
    with pytest.raises(BadToken):
        check(issuer, change(token))


def test_a_signature_in_der_is_refused(issuer, token):
    head, body, signature = token.split(".")
    raw = urlsafe_b64decode(signature + "==")
    der = b"\x30\x44\x02\x20" + raw[:32] + b"\x02\x20" + raw[32:]

    with pytest.raises(BadToken):
        check(issuer, f"{head}.{body}.{encode(der)}")


def test_a_signature_of_zeros_is_refused(issuer, token):
    with pytest.raises(BadToken):
        check(issuer, f"{token.rpartition('.')[0]}.{encode(bytes(64))}")


@given(st.data())
@settings(max_examples=200)
def test_a_token_of_which_any_letter_is_another_is_refused(issuer, token, data):
    place = data.draw(st.integers(0, len(token) - 1))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ "
    letter = data.draw(st.sampled_from(letters).filter(lambda letter: letter != token[place]))

    with pytest.raises(BadToken):
        check(issuer, token[:place] + letter + token[place + 1 :])


@given(st.text(max_size=200))
def test_any_text_is_refused_with_a_sentence(issuer, text):
    with pytest.raises(BadToken, match=" "):
        check(issuer, text)
