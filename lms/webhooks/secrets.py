"""Secrets of endpoints: shown once, kept sealed under the installation's secret, opened by who signs."""

import secrets
from base64 import b64encode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lms.errors import Refusal

_SECRET_BYTES = 32  # Standard Webhooks 1.0.0, "Signature scheme": between 24 and 64
_NONCE_BYTES = 12  # NIST SP 800-38D, section 5.2.1.1
_ABOUT = b"assay webhook secrets, version 1"  # tells this use of the secret from any other


def make_secret() -> str:
    """A new secret as receivers know it: `whsec_` and its bytes in base64."""
    return "whsec_" + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


class SecretBox:
    """Seals and opens the secrets of endpoints under one secret of the installation."""

    def __init__(self, secret: str) -> None:
        self._sealing = AESGCM(HKDF(SHA256(), length=32, salt=None, info=_ABOUT).derive(secret.encode()))

    def seal(self, secret: str, *, endpoint_id: UUID) -> bytes:
        """Opened again for the same endpoint only."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, secret.encode(), endpoint_id.bytes)

    def open(self, sealed: bytes, *, endpoint_id: UUID) -> str:
        """Raises Refusal when it was sealed under another secret."""
        try:
            plain = self._sealing.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], endpoint_id.bytes)
        except (InvalidTag, ValueError):
            raise Refusal(
                "The secret of this endpoint cannot be opened: SIGNING_SECRET is not the one under which it was sealed."
                " Rotate the secret of the endpoint and hand the new one to the receiver."
            ) from None
        return plain.decode()
