"""What stands in a credential checked once more: its proof of inclusion, its signature, its JWT. Imports PyLD.

Sources: RFC 9162, section 2.1.3.2 (inclusion, here from the root downwards); Data Integrity EdDSA Cryptosuites v1.0,
section 3.2 (eddsa-rdfc-2022); RFC 7515 and RFC 7518, section 3.4 (JWS with ES256).
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.adapters.checking.evidence import Key, decode
from certificates.adapters.linked_data import canonical_statements

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_REGISTERED = {"iss", "sub", "jti", "nbf", "exp", "iat"}


@dataclass(frozen=True, slots=True)
class LogProof:
    """A proof of inclusion as its text says it; hashes are bytes, the salt is hex."""

    salt: str
    index: int
    path: tuple[bytes, ...]
    note: str

    def root_above(self, leaf: bytes, size: int) -> str | None:
        """The root to which the path leads, in hex; None when it is too short or too long."""
        root = _climb(leaf, self.index, size, list(self.path))
        return root.hex() if root is not None else None


def read_log_proof(text: str) -> LogProof | None:
    """Read the text of https://c2sp.org/tlog-proof; None for anything else."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    try:
        if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra "):
            return None
        salt = base64.b64decode(lines[1].removeprefix("extra "), validate=True).hex()
        path = tuple(base64.b64decode(line, validate=True) for line in lines[3:])
        return LogProof(salt, int(lines[2].removeprefix("index ")), path, note)
    except (IndexError, ValueError):
        return None


def find_fault_of_proof(document: dict[str, Any], key: Key) -> str | None:
    """Why the Data Integrity proof does not hold; None when it does."""
    proofs = document.get("proof")
    if not isinstance(proofs, list) or len(proofs) != 1 or not isinstance(proofs[0], dict):
        return "there is not one proof"
    proof = dict(proofs[0])
    value = proof.pop("proofValue", "")
    if proof.get("cryptosuite") != "eddsa-rdfc-2022" or proof.get("proofPurpose") != "assertionMethod":
        return "the proof is of another kind"
    if proof.get("verificationMethod") != f"{document['issuer']['id']}#{key.id}":
        return f"the proof names another key than {key.id}"
    unsigned = {name: member for name, member in document.items() if name != "proof"}
    try:
        options = canonical_statements({"@context": document["@context"], **proof})
        hashed = hashlib.sha256(options).digest() + hashlib.sha256(canonical_statements(unsigned)).digest()
        Ed25519PublicKey.from_public_bytes(key.ed25519 or b"").verify(_base58(value), hashed)
    except InvalidSignature:
        return "the signature of the proof does not hold"
    except ValueError as error:
        return f"the proof cannot be checked: {error}"
    return None


def find_fault_of_jwt(token: str, document: dict[str, Any], key: Key) -> str | None:
    """Why the JWT does not hold or is not the document; None when it is."""
    try:
        header, payload, signature = token.split(".")
        head, claims, signed = json.loads(decode(header)), json.loads(decode(payload)), decode(signature)
    except ValueError:
        return "the token cannot be read"
    if head != {"alg": "ES256", "typ": "JWT", "kid": f"{document['issuer']['id']}#{key.id}"}:
        return f"the header is not that of a token by {key.id}"
    x, y = (int.from_bytes(decode(key.jwk[name])) for name in ("x", "y"))
    public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    half = len(signed) // 2
    pair = encode_dss_signature(int.from_bytes(signed[:half]), int.from_bytes(signed[half:]))
    try:
        public.verify(pair, f"{header}.{payload}".encode(), ECDSA(SHA256()))
    except InvalidSignature:
        return "the signature of the token does not hold"
    if {name: value for name, value in claims.items() if name not in _REGISTERED} != document:
        return "the token says something else than the document"
    return None


def _climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root of a tree of `size`, from the definition: the larger half is the largest power of two below it."""
    if size == 1:
        return leaf if not path else None
    if not path or not 0 <= index < size:
        return None
    split = 1 << (size - 1).bit_length() - 1
    sibling = path[-1]
    if index < split:
        below = _climb(leaf, index, split, path[:-1])
        return None if below is None else hashlib.sha256(b"\x01" + below + sibling).digest()
    below = _climb(leaf, index - split, size - split, path[:-1])
    return None if below is None else hashlib.sha256(b"\x01" + sibling + below).digest()


def _base58(text: str) -> bytes:
    """The bytes of a multibase text in base58. Raises ValueError for anything else."""
    if not text.startswith("z"):
        raise ValueError("the signature is not in base58")
    number = 0
    for letter in text[1:]:
        number = number * 58 + _BASE58.index(letter)
    return number.to_bytes(64)
