"""Proofs inside a credential: Data Integrity with eddsa-rdfc-2022. Imports PyLD, so no web process imports it.

Source: Data Integrity EdDSA Cryptosuites v1.0 (W3C, 2025), section 3.2.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from certificates.adapters.linked_data import BADGES_CONTEXT, canonical_statements
from certificates.domain.instants import as_seconds, read_seconds
from certificates.domain.multibase import decode_multibase, encode_multibase

_FIXED = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod"}
_MEMBERS = {*_FIXED, "created", "verificationMethod", "proofValue"}
_SIGNATURE_BYTES = 64


class BadProof(ValueError):
    """The proof does not hold; the message says why."""


class UnknownKey(BadProof):
    """Whether the proof holds cannot be told: its key is not one that is trusted at the instant of signing."""


def add_proof(
    document: dict[str, Any], *, key: Ed25519PrivateKey, verification_method: str, created: datetime
) -> dict[str, Any]:
    """The document with a proof. `verification_method` is a DID URL; signing twice gives the same proof.

    The schema of Open Badges asks for an array of proofs; elsewhere the plain form is read by more verifiers.
    Raises ValueError for a document that has a proof, or that is not JSON-LD in our contexts.
    """
    if "proof" in document:
        raise ValueError("it has a proof already")
    proof = {**_FIXED, "created": as_seconds(created), "verificationMethod": verification_method}
    signature = key.sign(_hash_data(document, proof))
    proof["proofValue"] = encode_multibase(signature)
    return {**document, "proof": [proof] if BADGES_CONTEXT in document["@context"] else proof}


def check_proof(document: dict[str, Any], *, key_of: Callable[[str, datetime], Ed25519PublicKey | None]) -> str:
    """Check the one proof of a document, and return its verification method.

    `key_of` gets the verification method and the instant of signing that the proof names, and returns the key when it
    is trusted for that instant. Raises UnknownKey when it does not, BadProof for everything else.
    """
    proof = _proof_of(document)
    method, created, signature = proof["verificationMethod"], _created(proof), _signature(proof)
    key = key_of(method, created)
    if key is None:
        raise UnknownKey(f"it is signed with {method}, which is not trusted for {proof['created']}")
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    try:
        data = _hash_data(unsecured, {name: value for name, value in proof.items() if name != "proofValue"})
    except ValueError as error:
        raise BadProof(str(error)) from None
    try:
        key.verify(signature, data)
    except InvalidSignature:
        raise BadProof("its signature does not fit what it says") from None
    return str(method)


def _hash_data(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    """What is signed: the hash of the proof without its value, and that of the document (section 3.2.4)."""
    options = {"@context": document.get("@context"), **proof}
    return (
        hashlib.sha256(canonical_statements(options)).digest() + hashlib.sha256(canonical_statements(document)).digest()
    )


def _proof_of(document: dict[str, Any]) -> dict[str, Any]:
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict):
        raise BadProof("it has no proof, or several")
    if set(proof) != _MEMBERS or not all(isinstance(value, str) for value in proof.values()):
        raise BadProof("its proof has other members than ours")
    for name, value in _FIXED.items():
        if proof[name] != value:
            raise BadProof(f"its proof says {name} {proof[name][:60]!r}, where only {value} is taken")
    return proof


def _created(proof: dict[str, Any]) -> datetime:
    try:
        return read_seconds(proof["created"]).astimezone(UTC)
    except ValueError:
        raise BadProof("its proof does not say when it was made") from None


def _signature(proof: dict[str, Any]) -> bytes:
    try:
        signature = decode_multibase(proof["proofValue"])
    except ValueError:
        raise BadProof("its signature is not in base58") from None
    if len(signature) != _SIGNATURE_BYTES or encode_multibase(signature) != proof["proofValue"]:
        raise BadProof("its signature has not the form of one")
    return signature
