"""What managers can do to one certificate: each act by the name that its button sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.models.life_cycle import ProposalState
from certificates.operations.renaming import issue_in_present_name
from certificates.operations.revoking import (
    decide_proposal,
    propose_revocation,
    reinstate_certificate,
    suspend_certificate,
    withdraw_proposal,
)
from certificates.queries.dossiers import get_dossier
from certificates.web.signing import signing
from lms import clock
from lms.errors import Conflict


@dataclass(frozen=True, slots=True)
class Act:
    """Takes the session, the certificate's id and the reason; `done` is said once it is committed."""

    do: Callable[[Session, str, str], object]
    done: LazyString


def _suspend(session: Session, certificate_id: str, reason: str) -> None:
    suspend_certificate(session, certificate_id=certificate_id, reason=reason, **_by())


def _reinstate(session: Session, certificate_id: str, reason: str) -> None:
    reinstate_certificate(session, certificate_id=certificate_id, reason=reason, **_by())


def _propose(session: Session, certificate_id: str, reason: str) -> None:
    propose_revocation(session, certificate_id=certificate_id, reason=reason, person_id=current_user.id, at=clock.now())


def _revoke(session: Session, certificate_id: str, reason: str) -> None:
    _decide(session, certificate_id, reason, ProposalState.REVOKED)


def _decline(session: Session, certificate_id: str, reason: str) -> None:
    _decide(session, certificate_id, reason, ProposalState.DECLINED)


def _decide(session: Session, certificate_id: str, reason: str, decision: ProposalState) -> None:
    proposal_id = _seen_proposal(session, certificate_id)
    decide_proposal(session, proposal_id=proposal_id, decision=decision, reason=reason, **_by())


def _withdraw(session: Session, certificate_id: str, _reason: str) -> None:
    proposal_id = _seen_proposal(session, certificate_id)
    withdraw_proposal(session, proposal_id=proposal_id, person_id=current_user.id, at=clock.now())


def _rename(session: Session, certificate_id: str, reason: str) -> None:
    issue_in_present_name(session, certificate_id=certificate_id, reason=reason, **_by())


def _seen_proposal(session: Session, certificate_id: str) -> UUID:
    """The proposal that the person had before their eyes. Raises Conflict when it is not the open one any more."""
    proposal = get_dossier(session, certificate_id).open_proposal
    if proposal is None or str(proposal.id) != request.form.get("proposal"):
        raise Conflict(_("This proposal is closed already."))
    return proposal.id


def _by() -> dict[str, Any]:
    return {"person_id": current_user.id, "signing": signing(), "at": clock.now()}


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "suspend": Act(_suspend, lazy_gettext("The certificate is suspended.")),
        "reinstate": Act(_reinstate, lazy_gettext("The certificate holds again.")),
        "propose": Act(_propose, lazy_gettext("Proposed. A second person decides.")),
        "revoke": Act(_revoke, lazy_gettext("The certificate is revoked.")),
        "decline": Act(_decline, lazy_gettext("The proposal is declined; the certificate stays as it is.")),
        "withdraw": Act(_withdraw, lazy_gettext("Your proposal is withdrawn.")),
        "rename": Act(_rename, lazy_gettext("The certificate says the present name, and is being signed anew.")),
    }
)
