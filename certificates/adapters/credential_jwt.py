"""Credentials as JWTs, in the form that Open Badges 3.0 calls VC-JWT: the claims are the credential's own members.

Sources: Open Badges 3.0, section 8.2; RFC 7515 (JWS); RFC 8725 (what a reader of JWTs must not believe).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from certificates.adapters.canonical_json import MOST_BYTES, canonical, parse_json
from certificates.domain.credential import check_shape
from certificates.domain.instants import read_seconds

ALGORITHM = "ES256"
_TYPE = "JWT"  # the one that Open Badges allows
_HEADER = {"alg", "kid", "typ"}
_CLAIMS = {"iss", "sub", "jti", "nbf", "exp", "iat"}


class BadToken(ValueError):
    """The token does not hold; the message says why."""


class UnknownTokenKey(BadToken):
    """Whether the token holds cannot be told: its key is not one that is trusted at the instant of signing."""


def sign_jwt(document: dict[str, Any], *, key: EllipticCurvePrivateKey, kid: str) -> str:
    """A signed credential as a compact JWS. `kid` is the id of a document key; the token names it as a DID URL."""
    header = {"alg": ALGORITHM, "kid": f"{document['issuer']['id']}#{kid}", "typ": _TYPE}
    payload = canonical({**document, **_claims_of(document)})
    return jws.serialize_compact(header, payload, ECKey.import_key(key), algorithms=[ALGORITHM])


def check_jwt(token: str, *, key_of: Callable[[str, datetime], EllipticCurvePublicKey | None]) -> dict[str, Any]:
    """Check a token, and return the credential in it, which has its own proof and its own dates.

    `key_of` gets the key's DID URL and the instant of signing, and returns the key when it is trusted for that
    instant. Raises UnknownTokenKey when it does not, BadToken for everything else.
    """
    header, payload = _parts(token)
    if set(header) != _HEADER or header["alg"] != ALGORITHM or header["typ"] != _TYPE:
        raise BadToken(f"its header is not the one of our tokens: {ALGORITHM}, {_TYPE} and the name of a key")
    document = {name: value for name, value in payload.items() if name not in _CLAIMS}
    claims = {name: value for name, value in payload.items() if name in _CLAIMS}
    method, at = header["kid"], _signed_at(document)
    if not isinstance(method, str) or method.partition("#")[0] != claims.get("iss"):
        raise BadToken("its key is not one of the issuer that it names")
    key = key_of(method, at)
    if key is None:
        raise UnknownTokenKey(f"it is signed with {method[:200]}, which is not trusted for that day")
    _check_signature(token, key)
    _check_content(document, claims)
    return document


def _claims_of(document: dict[str, Any]) -> dict[str, Any]:
    """The registered claims, which repeat what the credential says (section 8.2.3), and when it was signed."""
    return {
        "iss": document["issuer"]["id"],
        "sub": document["credentialSubject"]["id"],
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
        "exp": _seconds(document["validUntil"]),
        "iat": int(_signed_at(document).timestamp()),
    }


def _check_content(document: dict[str, Any], claims: dict[str, Any]) -> None:
    """The credential is of our shape, which leaves no room for other claims, and the claims repeat it."""
    try:
        check_shape(document)
        expected = _claims_of(document)
    except ValueError as error:
        raise BadToken(str(error)) from None
    # In Python 1 equals True, and 1.0.
    if claims != expected or any(type(claims[name]) is not type(value) for name, value in expected.items()):
        raise BadToken("its claims do not fit the credential in it")


def _seconds(instant: str) -> int:
    return int(read_seconds(instant).timestamp())


def _signed_at(document: dict[str, Any]) -> datetime:
    """When the proof in the credential was made; the token is made at the same time."""
    try:
        return read_seconds(document["proof"][0]["created"]).astimezone(UTC)
    except (LookupError, TypeError, ValueError):
        raise BadToken("the credential in it has no proof that says when it was made") from None


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = token.split(".")
    if len(token) > MOST_BYTES or len(parts) != len(("header", "payload", "signature")):
        raise BadToken("it is not a token in three parts")
    header, payload, _ = (_decode(part) for part in parts)
    try:
        read = parse_json(header), parse_json(payload)
    except ValueError as error:
        raise BadToken(f"a part of it cannot be read: {error}") from None
    if not all(isinstance(part, dict) for part in read):
        raise BadToken("a part of it is no JSON object")
    return read


def _decode(part: str) -> bytes:
    """Base64url in its one canonical form: no padding, no stray bits, nothing else in between."""
    try:
        data = urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    except ValueError:
        raise BadToken("a part of it is not base64url") from None
    if urlsafe_b64encode(data).decode("ascii").rstrip("=") != part:
        raise BadToken("a part of it is not base64url")
    return data


def _check_signature(token: str, key: EllipticCurvePublicKey) -> None:
    try:
        jws.deserialize_compact(token, ECKey.import_key(key), algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise BadToken("its signature does not fit what it says") from None
