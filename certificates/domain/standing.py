"""What a certificate is worth at an instant: its stored state, and whether its time is over."""

from datetime import datetime
from enum import StrEnum


class CertificateState(StrEnum):
    """What was decided about a certificate; time alone changes none of these."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ERASED = "erased"  # the holder deleted the account; it is as if there had never been one


class Standing(StrEnum):
    """What a certificate is at an instant."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ERASED = "erased"


def standing_at(state: CertificateState, valid_until: datetime, at: datetime) -> Standing:
    """Return what a certificate is at an instant. At `valid_until` itself it has expired.

    A decision outweighs time: what was revoked stays revoked after its last day.
    """
    if state is CertificateState.VALID and at >= valid_until:
        return Standing.EXPIRED
    return Standing(state.value)
