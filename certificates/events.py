"""Facts that certificates announce: of the issuance log, of certificates, and of who may do the work of a tier."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from certificates.domain.entitlements import Outcome
from certificates.domain.standing import CertificateState


@dataclass(frozen=True, slots=True)
class LogToGrow:
    """Leaves are about to be appended to a log of `size` leaves under `root` (32 bytes); a subscriber may refuse it."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class LogGrown:
    """The log has another checkpoint, which may be published once the transaction is committed."""

    note: str


@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """A pass earned a certificate; it is signed and printed after the commit. `slug` is its achievement's."""

    certificate_id: str
    person_id: UUID
    slug: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CertificateChanged:
    """A certificate is in this state from now on: valid again, suspended, revoked, superseded or erased."""

    certificate_id: str
    person_id: UUID
    slug: str
    state: CertificateState
    reason: str  # as the holder reads it
    at: datetime


@dataclass(frozen=True, slots=True)
class CertificateExpiring:
    """A valid certificate ends within thirty days. The same end may be announced twice."""

    certificate_id: str
    person_id: UUID
    slug: str
    valid_until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class TierStandingChanged:
    """A tier opened or closed to a person, or is open for another reason, in the eyes of the session's organisation."""

    person_id: UUID
    tier_slug: str  # `public/` before it for a tier of the public catalogue
    was: Outcome
    now: Outcome
    at: datetime
