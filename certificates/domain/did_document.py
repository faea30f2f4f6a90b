"""The public keys as strangers fetch them: a DID document for each organisation, and one JWK Set.

Sources: Decentralized Identifiers v1.0 and Controlled Identifiers v1.0 (W3C); RFC 7517 (JWK Set).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.domain.multibase import ED25519_PREFIX, encode_multibase
from certificates.domain.trust import KeyUse, TrustedKey, public_jwk

_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]


def did_document(did: str, keys: Iterable[TrustedKey]) -> dict[str, Any]:
    """The DID document of an issuer with these keys.

    Retired keys are in it, without `expires`: that would end the trust in what they signed before. Keys of the log are
    named, and assert nothing themselves; keys of tokens have no part in credentials, and stand in the JWK Set alone.
    """
    known = [key for key in keys if key.use is not KeyUse.TOKEN]
    return {
        "@context": list(_CONTEXTS),
        "id": did,
        "verificationMethod": [_method(did, key) for key in known],
        "assertionMethod": [f"{did}#{key.id}" for key in known if key.use is not KeyUse.LOG],
    }


def jwk_set(keys: Iterable[TrustedKey], *, certificates: Mapping[str, str]) -> dict[str, Any]:
    """The keys of credentials, documents and tokens. `certificates`: X.509 in base64 (DER), by the id of their key."""
    return {"keys": [_jwk(key, certificates.get(key.id)) for key in keys if key.use is not KeyUse.LOG]}


def _method(did: str, key: TrustedKey) -> dict[str, Any]:
    method: dict[str, Any] = {"id": f"{did}#{key.id}", "type": "JsonWebKey", "controller": did}
    if isinstance(key.public, Ed25519PublicKey):
        multibase = encode_multibase(ED25519_PREFIX + key.public.public_bytes_raw())
        return {**method, "type": "Multikey", "publicKeyMultibase": multibase}
    return {**method, "publicKeyJwk": _jwk(key, None)}


def _jwk(key: TrustedKey, certificate: str | None) -> dict[str, Any]:
    algorithm = "EdDSA" if isinstance(key.public, Ed25519PublicKey) else "ES256"
    jwk: dict[str, Any] = {**public_jwk(key.public), "kid": key.id, "alg": algorithm, "use": "sig"}
    return {**jwk, "x5c": [certificate]} if certificate else jwk
