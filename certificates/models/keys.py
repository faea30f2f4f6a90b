"""The table of signing keys: what they are for, when they may sign, their public half, and the private one sealed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, choice_of

_ACTIVE = text("state = 'active'")


class KeyPurpose(StrEnum):
    """What a key signs; no key signs two kinds of things."""

    CREDENTIAL = "credential"  # Ed25519: Data Integrity proofs of credentials and status lists
    DOCUMENT = "document"  # P-256: PDFs (PAdES) and credentials as JWT (ES256)
    LOG = "log"  # Ed25519: checkpoints of the issuance log
    TOKEN = "token"  # noqa: S105  # P-256: short-lived JWTs, such as ID tokens (ES256)


class KeyState(StrEnum):
    """active -> retired (what it signed stays good) or compromised (what it signed counts no more)."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class SigningKey(Base):
    """One key of this installation, which signs for all of its organisations."""

    __tablename__ = "signing_key"
    __table_args__ = (
        CheckConstraint("(state = 'active') = (retired_at IS NULL)", name="retired_at_unless_active"),
        CheckConstraint(
            "(state = 'compromised') = (compromised_at IS NOT NULL)", name="compromised_at_iff_compromised"
        ),
        CheckConstraint("state = 'active' OR sealed_private IS NULL", name="private_half_only_while_active"),
        CheckConstraint("(purpose = 'document') = (x509 IS NOT NULL)", name="x509_iff_document"),
        Index("uq_signing_key_active", "purpose", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # the key's id in DID documents and JWKS
    purpose: Mapped[KeyPurpose] = mapped_column(choice_of(KeyPurpose, "purpose_is_known"))
    state: Mapped[KeyState] = mapped_column(choice_of(KeyState, "state_is_known"))
    public_jwk: Mapped[dict[str, Any]]
    sealed_private: Mapped[bytes | None] = mapped_column(LargeBinary)  # None once the key signs no more
    x509: Mapped[str | None] = mapped_column(Text)  # PEM, self-signed, for PDF readers
    is_development: Mapped[bool]  # made by itself on first start, and says so in what it signs
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    compromised_at: Mapped[datetime | None]  # since when it is not to be trusted
