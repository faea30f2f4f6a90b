"""Which keys are trusted: read from DID documents that somebody pinned, or taken from this installation's own list."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.domain.multibase import ED25519_PREFIX, decode_multibase

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey
_COORDINATE_BYTES = 32


class KeyUse(StrEnum):
    """What a key's signature may stand under. An id begins with the use, such as `credential-…`."""

    CREDENTIAL = "credential"
    DOCUMENT = "document"
    LOG = "log"
    TOKEN = "token"  # noqa: S105  # a use, not a password


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key, what it is for, and the time in which it may have signed: from `since` (None: not known) on,
    and before `until` (None: it still signs)."""

    id: str
    use: KeyUse
    public: PublicKey
    since: datetime | None = None
    until: datetime | None = None

    def may_have_signed(self, at: datetime) -> bool:
        """Whether this key signed at `at`, which credentials state in whole seconds, cut off."""
        is_made = self.since is None or at >= self.since.replace(microsecond=0)
        return is_made and (self.until is None or at <= self.until)


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """The keys that are trusted, by issuer (a DID) and by their id. A key that is not trusted is not in it."""

    by_issuer: Mapping[str, Mapping[str, TrustedKey]] = field(default_factory=dict)

    def __or__(self, other: "TrustedKeys") -> "TrustedKeys":
        return TrustedKeys({**self.by_issuer, **other.by_issuer})

    def is_known(self, issuer: str) -> bool:
        """Whether this DID is one of those that are trusted."""
        return issuer in self.by_issuer

    def find(self, verification_method: str) -> TrustedKey | None:
        """The key with this DID URL, whatever it is for."""
        did, _, key_id = verification_method.partition("#")
        return self.by_issuer.get(did, {}).get(key_id)

    def ed25519(self, verification_method: str, at: datetime) -> Ed25519PublicKey | None:
        """The key that may have signed a credential at this instant; for `check_proof`."""
        public = self._public(verification_method, KeyUse.CREDENTIAL, at)
        return public if isinstance(public, Ed25519PublicKey) else None

    def p256(self, verification_method: str, at: datetime) -> EllipticCurvePublicKey | None:
        """The key that may have signed a credential as a JWT at this instant; for `check_jwt`."""
        public = self._public(verification_method, KeyUse.DOCUMENT, at)
        return public if isinstance(public, EllipticCurvePublicKey) else None

    def keys_for(self, use: KeyUse) -> tuple[TrustedKey, ...]:
        """All keys of a use, each once; checkpoints and PDFs name no DID."""
        found = {key.id: key for keys in self.by_issuer.values() for key in keys.values() if key.use is use}
        return tuple(found.values())

    def _public(self, verification_method: str, use: KeyUse, at: datetime) -> PublicKey | None:
        key = self.find(verification_method)
        return key.public if key and key.use is use and key.may_have_signed(at) else None


def public_jwk(key: PublicKey) -> dict[str, str]:
    """A public key as a JWK. Sources: RFC 7518, section 6.2.1 (P-256); RFC 8037, section 2 (Ed25519)."""
    if isinstance(key, Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": _encode(key.public_bytes_raw())}
    point = key.public_numbers()
    x, y = (_encode(each.to_bytes(_COORDINATE_BYTES)) for each in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def read_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """The public key in a JWK. Raises ValueError for any other kind of key, and for a point beside the curve."""
    if jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519":
        return Ed25519PublicKey.from_public_bytes(_decode(jwk.get("x")))
    if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
        x, y = (int.from_bytes(_decode(jwk.get(name))) for name in ("x", "y"))
        return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    raise ValueError("it is neither an Ed25519 key nor one on P-256")


def parse_did_document(document: Mapping[str, Any]) -> TrustedKeys:
    """The keys that a DID document of an installation of Assay states: its assertion methods, and the log's keys.

    Raises ValueError, with a sentence, when it is not one. Source: Controlled Identifiers v1.0 (W3C), section 2.2.
    """
    did, methods = document.get("id"), document.get("verificationMethod")
    if not isinstance(did, str) or not did.startswith("did:") or not isinstance(methods, list):
        raise ValueError("it is not a DID document: it has no id, or no verificationMethod")
    asserting = document.get("assertionMethod")
    keys = dict(_read_methods(did, methods, asserting if isinstance(asserting, list) else []))
    if not keys:
        raise ValueError(f"the DID document of {did} has no key that can be used here")
    return TrustedKeys({did: keys})


def _read_methods(did: str, methods: list[Any], asserting: list[Any]) -> Iterable[tuple[str, TrustedKey]]:
    for method in methods:
        name = method.get("id") if isinstance(method, Mapping) else None
        if not isinstance(name, str) or not name.startswith(f"{did}#") or "revoked" in method:
            continue
        key_id = name.partition("#")[2]
        use = next((use for use in KeyUse if key_id.startswith(f"{use.value}-")), None)
        if use is not None and (name in asserting) == (use is not KeyUse.LOG):
            yield key_id, TrustedKey(id=key_id, use=use, public=_read_method(method))


def _read_method(method: Mapping[str, Any]) -> PublicKey:
    if method.get("type") == "JsonWebKey" and isinstance(method.get("publicKeyJwk"), Mapping):
        return read_jwk(method["publicKeyJwk"])
    data = decode_multibase(str(method.get("publicKeyMultibase")))
    if method.get("type") != "Multikey" or not data.startswith(ED25519_PREFIX):
        raise ValueError("a key is neither a JsonWebKey nor a Multikey with Ed25519")
    return Ed25519PublicKey.from_public_bytes(data.removeprefix(ED25519_PREFIX))


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _decode(text: Any) -> bytes:
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if isinstance(text, str) else b""
    if len(data) != _COORDINATE_BYTES or _encode(data) != text:
        raise ValueError("a part of the key is not 32 bytes in base64url")
    return data
