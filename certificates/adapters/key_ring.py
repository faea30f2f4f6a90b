"""The key ring: private keys, sealed in the database under the installation's secret and opened for who signs."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal, overload

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.adapters.canonical_json import canonical
from certificates.adapters.x509_certificates import make_certificate
from certificates.domain.trust import public_jwk
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from lms.errors import Refusal

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey
_NONCE_BYTES = 12  # NIST SP 800-38D, section 5.2.1.1
_ACTIVE = "assay.active_keys"
_ABOUT = b"assay signing keys, version 1"  # tells this use of the secret from any other


class NoKey(Refusal):
    """There is no key for this purpose, so nothing can be signed."""


@dataclass(frozen=True, slots=True)
class ActiveKey:
    """A key that signs credentials or checkpoints, opened. `since` is when it was made."""

    id: str
    private: Ed25519PrivateKey = field(repr=False)
    is_development: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """A key that signs PDFs and JWTs, opened, with the certificate that PDF readers look at."""

    id: str
    private: EllipticCurvePrivateKey = field(repr=False)
    x509: x509.Certificate
    is_development: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key that signs short-lived tokens, opened."""

    id: str
    private: EllipticCurvePrivateKey = field(repr=False)
    is_development: bool
    since: datetime


OpenedKey = ActiveKey | DocumentKey | TokenKey


def forget_active_keys(session: Session) -> None:
    """Other keys are active from now on in this session."""
    session.info.pop(_ACTIVE, None)


class KeyRing:
    """Seals and opens keys under one secret. Opened keys stay in the memory of the process, under their id.

    `host` is the name of the installation in the certificates of document keys.
    """

    def __init__(self, secret: str, *, host: str = "localhost") -> None:
        self._host = host
        self._sealing = AESGCM(HKDF(SHA256(), length=32, salt=None, info=_ABOUT).derive(secret.encode()))
        self._opened: dict[str, OpenedKey] = {}

    @overload
    def active(self, session: Session, purpose: Literal[KeyPurpose.DOCUMENT]) -> DocumentKey: ...

    @overload
    def active(self, session: Session, purpose: Literal[KeyPurpose.CREDENTIAL, KeyPurpose.LOG]) -> ActiveKey: ...

    @overload
    def active(self, session: Session, purpose: Literal[KeyPurpose.TOKEN]) -> TokenKey: ...

    def active(self, session: Session, purpose: KeyPurpose) -> OpenedKey:
        """The key that signs for this purpose now.

        Raises NoKey when there is none, Refusal when the secret is not the one under which it was sealed.
        """
        row = self._active_rows(session).get(purpose)
        if row is None:
            raise NoKey(f"There is no {purpose.value} key. `assay keys make` makes those that are missing.")
        if row.id not in self._opened:
            self._opened[row.id] = self._open(row)
        return self._opened[row.id]

    def _active_rows(self, session: Session) -> dict[KeyPurpose, SigningKey]:
        """Asked for once a session: what signs at all signs with two or three of them."""
        if _ACTIVE not in session.info:
            rows = session.scalars(select(SigningKey).where(SigningKey.state == KeyState.ACTIVE))
            session.info[_ACTIVE] = {row.purpose: row for row in rows}
        found: dict[KeyPurpose, SigningKey] = session.info[_ACTIVE]
        return found

    def make(self, purpose: KeyPurpose, *, is_development: bool, at: datetime) -> SigningKey:
        """A new key for this purpose, sealed."""
        private: PrivateKey
        pem = None
        if purpose is KeyPurpose.DOCUMENT:
            private = generate_private_key(SECP256R1())
            pem = make_certificate(private, host=self._host, is_development=is_development, at=at)
        elif purpose is KeyPurpose.TOKEN:
            private = generate_private_key(SECP256R1())
        else:
            private = Ed25519PrivateKey.generate()
        jwk = public_jwk(private.public_key())
        key_id = f"{purpose.value}-{_thumbprint(jwk)}"
        return SigningKey(
            id=key_id,
            purpose=purpose,
            state=KeyState.ACTIVE,
            public_jwk=jwk,
            sealed_private=self._seal(private, key_id),
            x509=pem,
            is_development=is_development,
            created_at=at,
        )

    def _seal(self, private: PrivateKey, key_id: str) -> bytes:
        plain = private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, plain, key_id.encode())

    def _open(self, row: SigningKey) -> OpenedKey:
        sealed = row.sealed_private or b""
        try:
            plain = self._sealing.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row.id.encode())
        except (InvalidTag, ValueError):
            raise Refusal(
                "The signing keys cannot be opened: SIGNING_SECRET is not the one under which they were sealed. If that"
                " one is lost, `assay keys rotate` makes a new key for each purpose, and what was signed stays good."
            ) from None
        private = serialization.load_der_private_key(plain, password=None)
        if isinstance(private, Ed25519PrivateKey):
            return ActiveKey(row.id, private, row.is_development, row.created_at)
        assert isinstance(private, EllipticCurvePrivateKey)
        if row.x509 is None:
            return TokenKey(row.id, private, row.is_development, row.created_at)
        certificate = x509.load_pem_x509_certificate(row.x509.encode())
        return DocumentKey(row.id, private, certificate, row.is_development, row.created_at)


def _thumbprint(jwk: dict[str, str]) -> str:
    """The name that a key has by itself. Source: RFC 7638, section 3."""
    return urlsafe_b64encode(sha256(canonical(jwk)).digest()).decode("ascii").rstrip("=")
