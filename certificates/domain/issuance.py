"""A credential on its way: what is to be signed, what came of that, and what is to be printed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from certificates.domain.contents import CertificateView
from certificates.domain.design import Design
from certificates.domain.inclusion import Inclusion


@dataclass(frozen=True, slots=True)
class Intent:
    """A credential that is in the log and not signed yet.

    `content` is canonical JSON; `inclusion` carries the salt as its extra data. `is_earned` says whether the attempt
    behind it passed, as the attempt itself says, or people decide on it because a regrade took the pass.
    """

    credential_id: UUID
    certificate_id: str
    number: int
    content: str
    inclusion: Inclusion
    intended_at: datetime
    is_earned: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A credential that was begun: just now, when its intent is here, or before, when it may be signed already."""

    credential_id: UUID
    intent: Intent | None


@dataclass(frozen=True, slots=True)
class SignedCredential:
    """A credential in both of its forms, and the ids of the keys that signed them; `document` is canonical JSON."""

    document: bytes
    jwt: str
    key_id: str
    document_key_id: str


@dataclass(frozen=True, slots=True)
class Printing:
    """What the PDF of a credential is made from; `document` is the signed credential that goes into it."""

    certificate: CertificateView
    design: Design
    document: bytes
    document_key_id: str
    signed_at: datetime
