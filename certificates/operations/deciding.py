"""Deciding on a certificate under review: a second person keeps it, or revokes it with a reason."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.adapters.signing import Signing
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.operations.standings import ask_to_follow
from certificates.operations.state_changes import change_state, checked_reason
from certificates.operations.state_letters import send_letter
from lms.audit.operations import record
from lms.errors import Conflict, Invalid, NotAllowed, NotFound


def decide_review(
    session: Session,
    *,
    review_id: UUID,
    decision: ReviewState,
    reason: str,
    person_id: UUID,
    signing: Signing,
    at: datetime,
) -> None:
    """Keep a certificate or revoke it, and write to its holder.

    Raises NotFound, Invalid without a reason, NotAllowed for whoever committed the regrade or holds the certificate,
    Conflict when it was decided on already.
    """
    review = session.get(CertificateReview, review_id, populate_existing=True)
    if review is None:
        raise NotFound(_("There is no such review."))
    if decision not in (ReviewState.KEPT, ReviewState.REVOKED):
        raise Invalid(_("Choose whether the certificate is kept or revoked."))
    said = checked_reason(reason)
    certificate = session.get_one(Certificate, review.certificate_id)
    if person_id == review.opened_by:
        raise NotAllowed(_("A second person decides: you committed the regrade yourself."))
    if person_id == certificate.person_id:
        raise NotAllowed(_("Somebody else decides on a certificate of your own."))
    decided = session.execute(
        update(CertificateReview)
        .where(CertificateReview.id == review_id, CertificateReview.state == ReviewState.OPEN)
        .values(state=decision, decided_by=person_id, decision_reason=said, closed_at=at)
        .returning(CertificateReview.id)
    ).scalar_one_or_none()
    if decided is None:
        raise Conflict(_("Somebody decided on this certificate already."))
    if decision is ReviewState.KEPT:
        _keep(session, certificate, said, person_id, signing, at)
    else:
        change_state(
            session,
            certificate_id=certificate.id,
            to=CertificateState.REVOKED,
            reason=said,
            actor_id=person_id,
            signing=signing,
            at=at,
        )


def _keep(
    session: Session, certificate: Certificate, reason: str, person_id: UUID, signing: Signing, at: datetime
) -> None:
    """What is kept changes no state, so there is nothing for the log."""
    ask_to_follow(session, person_id=certificate.person_id, at=at)
    record(
        session,
        action="certificate.kept",
        actor=person_id,
        subject_id=certificate.person_id,
        at=at,
        certificate=certificate.id,
        reason=reason,
    )
    send_letter(
        session,
        certificate,
        subject=_("A decision on your certificate"),
        meaning=_("your certificate was looked at and stays valid."),
        reason=reason,
        base_url=signing.base_url,
        at=at,
    )
