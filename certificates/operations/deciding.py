"""Deciding on a certificate under review: a second person keeps it, or revokes it with a reason."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.reviews import CertificateReview, ReviewState
from lms.accounts.models import Person
from lms.audit.operations import record
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.mail.operations import send_mail

LONGEST_REASON = 500  # characters


def decide_review(
    session: Session, *, review_id: UUID, decision: ReviewState, reason: str, person_id: UUID, at: datetime
) -> None:
    """Keep a certificate or revoke it, and write to its holder.

    Raises NotFound, Invalid without a reason, NotAllowed for whoever committed the regrade or holds the certificate,
    Conflict when it was decided on already.
    """
    review = session.get(CertificateReview, review_id, populate_existing=True)
    if review is None:
        raise NotFound("There is no such review.")
    if decision not in (ReviewState.KEPT, ReviewState.REVOKED):
        raise Invalid(_("Choose whether the certificate is kept or revoked."))
    said = _checked_reason(reason)
    certificate = session.get_one(Certificate, review.certificate_id)
    if person_id == review.opened_by:
        raise NotAllowed("A second person decides: you committed the regrade yourself.")
    if person_id == certificate.person_id:
        raise NotAllowed("Somebody else decides on a certificate of your own.")
    decided = session.execute(
        update(CertificateReview)
        .where(CertificateReview.id == review_id, CertificateReview.state == ReviewState.OPEN)
        .values(state=decision, decided_by=person_id, decision_reason=said, closed_at=at)
        .returning(CertificateReview.id)
    ).scalar_one_or_none()
    if decided is None:
        raise Conflict("Somebody decided on this certificate already.")
    if decision is ReviewState.REVOKED:
        session.execute(
            update(Certificate)
            .where(
                Certificate.id == certificate.id,
                Certificate.state.in_((CertificateState.VALID, CertificateState.SUSPENDED)),
            )
            .values(state=CertificateState.REVOKED, state_reason=said)
        )
    record(
        session,
        action=f"certificate.{decision.value}",
        actor=person_id,
        subject_id=certificate.person_id,
        at=at,
        certificate=certificate.id,
        reason=said,
    )
    _write_to_holder(session, certificate, decision, said, at)


def _checked_reason(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise Invalid(_("Give the reason of your decision; the holder reads it."))
    if len(said) > LONGEST_REASON:
        raise Invalid(_("The reason is too long: at most %(most)s characters are kept.", most=LONGEST_REASON))
    return said


def _write_to_holder(
    session: Session, certificate: Certificate, decision: ReviewState, reason: str, at: datetime
) -> None:
    person = session.get_one(Person, certificate.person_id)
    if person.email is None:
        return
    what = (
        _("Your certificate was looked at and stays valid.")
        if decision is ReviewState.KEPT
        else _("Your certificate was looked at and is revoked: it does not hold any more.")
    )
    send_mail(
        session,
        to_name=person.name,
        to=person.email,
        subject=_("A decision on your certificate"),
        body=_(
            "Hello %(name)s,\n\n%(what)s\n\nThe reason: %(reason)s\n\nThe certificate: %(id)s\n",
            name=person.name,
            what=what,
            reason=reason,
            id=certificate.id,
        ),
        at=at,
    )
