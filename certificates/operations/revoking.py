"""Suspending, reinstating and revoking by hand: one person may suspend, it takes two to revoke."""

from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.adapters.signing import Signing
from certificates.domain.life_cycle import IN_FORCE
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.life_cycle import ProposalState, RevocationProposal
from certificates.operations.state_changes import change_state, checked_reason
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotAllowed, NotFound


def suspend_certificate(
    session: Session, *, certificate_id: str, reason: str, person_id: UUID, signing: Signing, at: datetime
) -> None:
    """Take a certificate out of force at once, for as long as something is examined.

    Raises NotFound, NotAllowed for the holder, Invalid without a reason, Conflict when it is not valid.
    """
    get_foreign(session, certificate_id=certificate_id, person_id=person_id)
    change_state(
        session,
        certificate_id=certificate_id,
        to=CertificateState.SUSPENDED,
        reason=reason,
        actor_id=person_id,
        signing=signing,
        at=at,
    )


def reinstate_certificate(
    session: Session, *, certificate_id: str, reason: str, person_id: UUID, signing: Signing, at: datetime
) -> None:
    """End a suspension. A revocation is not undone this way. Raises as `suspend_certificate` does."""
    get_foreign(session, certificate_id=certificate_id, person_id=person_id)
    change_state(
        session,
        certificate_id=certificate_id,
        to=CertificateState.VALID,
        reason=reason,
        actor_id=person_id,
        signing=signing,
        at=at,
        only_from=(CertificateState.SUSPENDED,),
    )


def propose_revocation(session: Session, *, certificate_id: str, reason: str, person_id: UUID, at: datetime) -> UUID:
    """Ask a second person to revoke a certificate; its state stays as it is. Returns the proposal's id.

    Raises NotFound, NotAllowed for the holder, Invalid without a reason, Conflict when the certificate is not in force
    or somebody proposed it before.
    """
    certificate = get_foreign(session, certificate_id=certificate_id, person_id=person_id)
    said = checked_reason(reason)
    if certificate.state not in IN_FORCE:
        raise Conflict(_("This certificate is not in force any more, so there is nothing to revoke."))
    proposal_id = session.execute(
        insert_into(session, RevocationProposal)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            certificate_id=certificate_id,
            state=ProposalState.OPEN,
            reason=said,
            proposed_by=person_id,
            proposed_at=at,
        )
        .on_conflict_do_nothing()
        .returning(RevocationProposal.id)
    ).scalar_one_or_none()
    if proposal_id is None:
        raise Conflict(_("Somebody proposed to revoke this certificate already; that proposal waits for a decision."))
    _record(session, certificate, "certificate.revocation-proposed", person_id, said, at)
    return proposal_id


def decide_proposal(
    session: Session,
    *,
    proposal_id: UUID,
    decision: ProposalState,
    reason: str,
    person_id: UUID,
    signing: Signing,
    at: datetime,
) -> None:
    """A second person revokes the certificate, or declines to.

    Raises NotFound, Invalid without a reason or for another decision, NotAllowed for whoever proposed it and for the
    holder, Conflict when the proposal is closed.
    """
    proposal = _get_proposal(session, proposal_id)
    if decision not in (ProposalState.REVOKED, ProposalState.DECLINED):
        raise Invalid(_("Choose whether the certificate is revoked or the proposal is declined."))
    said = checked_reason(reason)
    certificate = get_foreign(session, certificate_id=proposal.certificate_id, person_id=person_id)
    if person_id == proposal.proposed_by:
        raise NotAllowed(_("A second person decides: you proposed it yourself."))
    _close(session, proposal_id, {"state": decision, "decided_by": person_id, "decision_reason": said, "closed_at": at})
    if decision is ProposalState.DECLINED:
        _record(session, certificate, "certificate.revocation-declined", person_id, said, at)
        return
    change_state(
        session,
        certificate_id=certificate.id,
        to=CertificateState.REVOKED,
        reason=said,
        actor_id=person_id,
        signing=signing,
        at=at,
    )


def withdraw_proposal(session: Session, *, proposal_id: UUID, person_id: UUID, at: datetime) -> None:
    """Whoever proposed a revocation takes that back. Raises NotFound, NotAllowed for others, Conflict when closed."""
    proposal = _get_proposal(session, proposal_id)
    if person_id != proposal.proposed_by:
        raise NotAllowed(_("Only who proposed it takes it back; you can decline it."))
    _close(session, proposal_id, {"state": ProposalState.WITHDRAWN, "closed_at": at})
    certificate = session.get_one(Certificate, proposal.certificate_id)
    _record(session, certificate, "certificate.revocation-withdrawn", person_id, proposal.reason, at)


def get_foreign(session: Session, *, certificate_id: str, person_id: UUID) -> Certificate:
    """A certificate on which this person may act. Raises NotFound, and NotAllowed for a certificate of their own."""
    certificate = session.get(Certificate, certificate_id, populate_existing=True)
    if certificate is None or certificate.state is CertificateState.ERASED:
        raise NotFound(_("There is no such certificate."))
    if person_id == certificate.person_id:
        raise NotAllowed(_("Somebody else decides on a certificate of your own."))
    return certificate


def _get_proposal(session: Session, proposal_id: UUID) -> RevocationProposal:
    proposal = session.get(RevocationProposal, proposal_id, populate_existing=True)
    if proposal is None:
        raise NotFound(_("There is no such proposal."))
    return proposal


def _close(session: Session, proposal_id: UUID, values: dict[str, object]) -> None:
    """The guard lets one of many through."""
    closed = session.execute(
        update(RevocationProposal)
        .where(RevocationProposal.id == proposal_id, RevocationProposal.state == ProposalState.OPEN)
        .values(values)
        .returning(RevocationProposal.id)
    ).scalar_one_or_none()
    if closed is None:
        raise Conflict(_("This proposal is closed already."))


def _record(
    session: Session, certificate: Certificate, action: str, person_id: UUID, reason: str, at: datetime
) -> None:
    record(
        session,
        action=action,
        actor=person_id,
        subject_id=certificate.person_id,
        at=at,
        certificate=certificate.id,
        reason=reason,
    )
