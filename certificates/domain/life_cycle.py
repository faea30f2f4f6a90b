"""The life of a certificate: which state may follow which, and the statement of a change that is put into the log."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from certificates.domain.log_leaves import instant
from certificates.domain.standing import CertificateState

LONGEST_REASON = 500  # characters
ERASED_TEXT = "(erased)"  # stands for what somebody wrote about a holder who has left

_VALID, _SUSPENDED = CertificateState.VALID, CertificateState.SUSPENDED
_REVOKED, _SUPERSEDED = CertificateState.REVOKED, CertificateState.SUPERSEDED

IN_FORCE = frozenset((_VALID, _SUSPENDED))  # what can still be decided on

STATES_BEFORE: Mapping[CertificateState, frozenset[CertificateState]] = MappingProxyType(
    {
        _VALID: frozenset((_SUSPENDED, _REVOKED)),  # reinstated; or given back with the pass that a regrade had taken
        _SUSPENDED: frozenset((_VALID,)),
        _REVOKED: IN_FORCE,
        _SUPERSEDED: IN_FORCE,
        CertificateState.ERASED: frozenset((_VALID, _SUSPENDED, _REVOKED, _SUPERSEDED)),
    }
)


def may_follow(to: CertificateState, before: CertificateState) -> bool:
    """Whether a certificate may go from one state to the other. Nothing leaves `erased`."""
    return before in STATES_BEFORE[to]


def change_statement(
    *, certificate_id: str, number: int, state: CertificateState, reason: str, at: datetime
) -> dict[str, Any]:
    """What the log commits to for a change of state, as JSON values."""
    return {
        "certificate": certificate_id,
        "number": number,
        "state": state.value,
        "reason": reason,
        "at": instant(at),
    }
