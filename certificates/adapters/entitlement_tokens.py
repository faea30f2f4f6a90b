"""Entitlement tokens: a decision as a signed JWT with which a platform decides offline for some minutes.

Sources: RFC 7519 (JWT), RFC 8725, section 3.11: `typ` says what a token is, so that none passes for another.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from certificates.domain.entitlements import Outcome

TYPE = "entitlement+jwt"
LIVES = timedelta(minutes=5)
LONGEST = 4096  # characters
_ALGORITHM = "ES256"


class BadEntitlementToken(ValueError):
    """It is no entitlement token of ours; the message says why."""


@dataclass(frozen=True, slots=True)
class EntitlementClaims:
    """What a token says; instants in whole seconds."""

    issuer: str
    audience: str  # the slug of the organisation that asked
    subject: UUID
    tier: str
    action: str
    outcome: Outcome
    decision_id: UUID
    issued_at: datetime
    expires_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(self.subject),
            "tier": self.tier,
            "action": self.action,
            "outcome": self.outcome.value,
            "decision_id": str(self.decision_id),
            "iat": int(self.issued_at.timestamp()),
            "exp": int(self.expires_at.timestamp()),
        }


def token_expiry(at: datetime, decision_expires_at: datetime | None) -> datetime:
    """Until when a token made at `at` holds: five minutes, and no longer than the decision, in whole seconds."""
    ends = min(at + LIVES, decision_expires_at or at + LIVES)
    return ends.replace(microsecond=0)


def key_id_of(token: str) -> str:
    """The id of the key that is said to have signed a token. Raises BadEntitlementToken."""
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, UnicodeError):
        raise BadEntitlementToken("it is not a token in three parts") from None
    if header.get("typ") != TYPE or header.get("alg") != _ALGORITHM or not isinstance(header.get("kid"), str):
        raise BadEntitlementToken("it is another kind of token")
    return str(header["kid"])


def read_token(token: str, public_jwk: dict[str, str]) -> EntitlementClaims:
    """What a token says that this key signed, expired or not. Raises BadEntitlementToken."""
    try:
        read = jws.deserialize_compact(token, ECKey.import_key(dict(public_jwk)), algorithms=[_ALGORITHM])
        claims = json.loads(read.payload)
        return EntitlementClaims(
            issuer=claims["iss"],
            audience=claims["aud"],
            subject=UUID(claims["sub"]),
            tier=claims["tier"],
            action=claims["action"],
            outcome=Outcome(claims["outcome"]),
            decision_id=UUID(claims["decision_id"]),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (JoseError, ValueError, KeyError, TypeError):
        raise BadEntitlementToken("its signature does not fit what it says") from None
