"""What a stranger has to know to check the issuance log: its keys, and when it was resumed from an older state."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from lms.audit.models import AuditEvent

RESUMED = "log.resumed"


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that signs checkpoints, or did; `public` is 32 bytes of Ed25519."""

    id: str
    state: KeyState
    public: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Resumption:
    """An operator accepted that the log went on from a state that is not the one published before."""

    at: datetime
    reason: str
    size: int
    published_before: str | None


def list_log_keys(session: Session) -> list[LogKey]:
    """The keys of the log, newest first."""
    keys = select(SigningKey).where(SigningKey.purpose == KeyPurpose.LOG).order_by(SigningKey.created_at.desc())
    return [LogKey(key.id, key.state, _raw(key.public_jwk["x"]), key.created_at) for key in session.scalars(keys)]


def list_resumptions(session: Session) -> list[Resumption]:
    """When the log was resumed, newest first; it should never have been."""
    events = select(AuditEvent).where(AuditEvent.action == RESUMED).order_by(AuditEvent.at.desc())
    return [
        Resumption(event.at, event.details["reason"], event.details["size"], event.details["published_before"])
        for event in session.scalars(events)
    ]


def _raw(encoded: str) -> bytes:
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
