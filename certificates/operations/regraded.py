"""Certificates follow a changed result: issued to who passes now, put to review where a regrade took the pass."""

from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessments.events import AttemptRegraded
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.operations.issuing import issue_certificate
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into


def follow_regrade(session: Session, *, regraded: AttemptRegraded, base_url: str) -> None:
    """Issue, put to review, or lay a review to rest; where the pass stands the certificate stays as it was issued."""
    if regraded.result.has_passed == regraded.had_passed:
        return
    if regraded.result.has_passed:
        _pass_again(session, regraded)
        issue_certificate(session, released=regraded.result, base_url=base_url)
    elif regraded.regrade_id is not None:  # late answers take no pass
        _put_to_review(session, regraded, regraded.regrade_id)


def _put_to_review(session: Session, regraded: AttemptRegraded, regrade_id: UUID) -> None:
    """The certificate stays valid: only a person may take it, and nobody has looked yet."""
    certificate_id = session.scalars(
        select(Certificate.id).where(
            Certificate.attempt_id == regraded.result.attempt_id,
            Certificate.state.in_((CertificateState.VALID, CertificateState.SUSPENDED)),
        )
    ).one_or_none()
    if certificate_id is None:
        return
    opened = session.execute(
        insert_into(session, CertificateReview)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            certificate_id=certificate_id,
            regrade_id=regrade_id,
            state=ReviewState.OPEN,
            reason=regraded.reason,
            old_score=regraded.old_score,
            new_score=regraded.result.score,
            opened_by=regraded.approved_by,
            opened_at=regraded.result.at,
        )
        .on_conflict_do_nothing()
        .returning(CertificateReview.id)
    ).scalar_one_or_none()
    if opened is not None:
        _record(session, regraded, "certificate.put-to-review", certificate_id)


def _pass_again(session: Session, regraded: AttemptRegraded) -> None:
    """A pass that a regrade took and that is given back: the review lapses, a revocation after one is undone."""
    of_attempt = select(Certificate.id).where(Certificate.attempt_id == regraded.result.attempt_id)
    certificate_id = session.scalars(of_attempt).one_or_none()
    if certificate_id is None:
        return
    session.execute(
        update(CertificateReview)
        .where(CertificateReview.certificate_id == certificate_id, CertificateReview.state == ReviewState.OPEN)
        .values(state=ReviewState.LAPSED, closed_at=regraded.result.at)
    )
    was_revoked = select(CertificateReview.id).where(
        CertificateReview.certificate_id == certificate_id, CertificateReview.state == ReviewState.REVOKED
    )
    restored = session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state == CertificateState.REVOKED, was_revoked.exists())
        .values(state=CertificateState.VALID, state_reason=None)
        .returning(Certificate.id)
    ).scalar_one_or_none()
    if restored is not None:
        _record(session, regraded, "certificate.restored", certificate_id)


def _record(session: Session, regraded: AttemptRegraded, action: str, certificate_id: str) -> None:
    record(
        session,
        action=action,
        actor="regrade" if regraded.regrade_id else "late-answers",
        subject_id=regraded.result.person_id,
        at=regraded.result.at,
        certificate=certificate_id,
        regrade=regraded.regrade_id and str(regraded.regrade_id),
    )
