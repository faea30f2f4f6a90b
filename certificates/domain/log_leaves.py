"""What a leaf of the issuance log is made of: a salted commitment, its kind and the instant."""

import hashlib
from datetime import UTC, datetime

FORMAT = "assay-log-leaf/v1"


def commitment(salt_hex: str, statement: bytes) -> str:
    """SHA-256 of the salt's bytes and a statement, in hex: without the salt it tells nothing about the statement.

    The statement of a credential is its content as canonical JSON (RFC 8785), without evidence and proof.
    Raises ValueError for a salt that is no hex.
    """
    return hashlib.sha256(bytes.fromhex(salt_hex) + statement).hexdigest()


def leaf_bytes(kind: str, commitment: str, at: datetime) -> bytes:
    """The bytes of a leaf, which the tree hashes (RFC 6962, section 2.1): four lines of text."""
    return f"{FORMAT}\n{kind}\n{commitment}\n{instant(at)}\n".encode()


def instant(at: datetime) -> str:
    """An instant in UTC as RFC 3339 writes it, with microseconds where there are any: 2026-11-21T10:00:00Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
