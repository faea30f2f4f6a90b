"""Which checkpoints of a log are trusted: those that a log key of the credential's own issuer signed."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.domain.checkpoints import Checkpoint, open_note
from certificates.domain.trust import KeyUse, TrustedKeys


def open_checkpoint(note: str, *, trust: TrustedKeys, issuer: str) -> Checkpoint:
    """The checkpoint in a note. Raises ValueError unless a trusted log key of this issuer (a DID) signed it."""
    keys = trust.by_issuer.get(issuer, {}).values()
    raw = [
        key.public.public_bytes_raw()
        for key in keys
        if key.use is KeyUse.LOG and isinstance(key.public, Ed25519PublicKey)
    ]
    return open_note(note, keys=raw)
