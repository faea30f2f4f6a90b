"""Certificates follow a changed result: issued, signed anew with another score, or put to review."""

from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessments.events import AttemptRegraded
from certificates.adapters.signing import Signing
from certificates.domain.life_cycle import IN_FORCE
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause
from certificates.models.life_cycle import StateChange
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.operations.credentials import ask_for_credential
from certificates.operations.issuing import issue_certificate, skills_as_json
from certificates.operations.standings import ask_to_follow
from certificates.operations.state_changes import change_state
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into


def follow_regrade(session: Session, *, regraded: AttemptRegraded, signing: Signing) -> None:
    """Issue, put to review, or lay a review to rest; where the pass stands, the certificate says the new score."""
    if regraded.result.has_passed:
        if not regraded.had_passed:
            _pass_again(session, regraded, signing)
        _say_the_score(session, regraded)
        issue_certificate(session, released=regraded.result, signing=signing)
    elif regraded.had_passed and regraded.regrade_id is not None:  # late answers take no pass
        _put_to_review(session, regraded, regraded.regrade_id)


def _say_the_score(session: Session, regraded: AttemptRegraded) -> None:
    """What a certificate says follows its result: another score makes another credential, under the same id."""
    result = regraded.result
    certificate = session.scalars(
        select(Certificate).where(
            Certificate.attempt_id == result.attempt_id,
            Certificate.state.in_(IN_FORCE),
        )
    ).one_or_none()
    if certificate is None:
        return
    said = (certificate.score, certificate.skills)
    certificate.score, certificate.skills = result.score, skills_as_json(result.skills)
    session.flush()
    session.refresh(certificate, ["score"])  # as it is stored: to eight places
    if (certificate.score, certificate.skills) == said:
        return
    ask_for_credential(session, certificate_id=certificate.id, cause=Cause.RESULT, at=result.at)
    _record(session, regraded, "certificate.score-changed", certificate.id)


def _put_to_review(session: Session, regraded: AttemptRegraded, regrade_id: UUID) -> None:
    """The certificate stays valid: only a person may take it, and nobody has looked yet."""
    certificate_id = session.scalars(
        select(Certificate.id).where(
            Certificate.attempt_id == regraded.result.attempt_id,
            Certificate.state.in_(IN_FORCE),
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


def _pass_again(session: Session, regraded: AttemptRegraded, signing: Signing) -> None:
    """A pass that a regrade took and that is given back: the review lapses, a revocation after one is undone."""
    of_attempt = select(Certificate.id, Certificate.state).where(Certificate.attempt_id == regraded.result.attempt_id)
    found = session.execute(of_attempt).one_or_none()
    if found is None:
        return
    certificate_id, state = found
    session.execute(
        update(CertificateReview)
        .where(CertificateReview.certificate_id == certificate_id, CertificateReview.state == ReviewState.OPEN)
        .values(state=ReviewState.LAPSED, closed_at=regraded.result.at)
    )
    if state is CertificateState.REVOKED and _was_revoked_for_the_score(session, certificate_id):
        change_state(
            session,
            certificate_id=certificate_id,
            to=CertificateState.VALID,
            reason=_("A later regrade made the result a pass again."),
            actor_id=None,
            signing=signing,
            at=regraded.result.at,
            only_from=(CertificateState.REVOKED,),
            source="regrade" if regraded.regrade_id else "late-answers",
        )


def _was_revoked_for_the_score(session: Session, certificate_id: str) -> bool:
    """Whether it was a review that revoked it last, and not two people for another reason."""
    of_review = select(CertificateReview.closed_at).where(
        CertificateReview.certificate_id == certificate_id, CertificateReview.state == ReviewState.REVOKED
    )
    last_revoked = (
        select(StateChange.at)
        .where(StateChange.certificate_id == certificate_id, StateChange.state == CertificateState.REVOKED)
        .order_by(StateChange.number.desc())
        .limit(1)
    )
    reviewed_at, revoked_at = session.scalars(of_review).all(), session.scalars(last_revoked).one_or_none()
    return bool(reviewed_at) and (revoked_at is None or revoked_at in reviewed_at)


def _record(session: Session, regraded: AttemptRegraded, action: str, certificate_id: str) -> None:
    ask_to_follow(session, person_id=regraded.result.person_id, at=regraded.result.at)
    record(
        session,
        action=action,
        actor="regrade" if regraded.regrade_id else "late-answers",
        subject_id=regraded.result.person_id,
        at=regraded.result.at,
        certificate=certificate_id,
        regrade=regraded.regrade_id and str(regraded.regrade_id),
    )
