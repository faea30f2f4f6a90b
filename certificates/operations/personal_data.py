"""Personal data of certificates: what is held of a person, and its erasure."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from certificates.adapters.signing import Signing
from certificates.domain.life_cycle import ERASED_TEXT
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate, CertificateFile
from certificates.models.credentials import Credential, CredentialState
from certificates.models.life_cycle import RevocationProposal, StateChange
from certificates.models.reviews import CertificateReview
from certificates.operations.rendering import REMOVE_TOPIC
from certificates.operations.sharing import erase_sharing
from certificates.operations.state_changes import change_state
from certificates.queries.certificates import list_certificates
from lms.outbox.operations import post


def export_certificates(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """Every certificate of a person, newest first, with what was signed for it and what happened to it."""
    return [
        {
            "id": certificate.id,
            "achievement": certificate.achievement,
            "holder_name": certificate.holder_name,
            "issuer": certificate.issuer,
            "issued_at": certificate.issued_at.isoformat(),
            "valid_until": certificate.valid_until.isoformat(),
            "state": certificate.state,
            "score": float(certificate.score),
            "skills": [{"skill": skill.title, "score": float(skill.score)} for skill in certificate.skills],
            "credentials": _credentials(session, certificate.id),
            "changes": _changes(session, certificate.id),
        }
        for certificate in list_certificates(session, person_id=person_id)
    ]


def _credentials(session: Session, certificate_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Credential).where(Credential.certificate_id == certificate_id).order_by(Credential.number)
    )
    return [
        {
            "number": one.number,
            "cause": one.cause,
            "intended_at": one.intended_at.isoformat(),
            "document": json.loads(one.document) if one.document else None,
        }
        for one in rows
    ]


def _changes(session: Session, certificate_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(StateChange).where(StateChange.certificate_id == certificate_id).order_by(StateChange.number)
    )
    return [{"state": one.state, "reason": one.reason, "at": one.at.isoformat()} for one in rows]


def erase_certificates(session: Session, *, person_id: UUID, signing: Signing, at: datetime) -> None:
    """Take the name off every certificate, and away what was signed and written; nobody can verify them any more.

    The rows stay without a name, so that an attempt cannot earn a second certificate. Leaves stay in the log; without
    their salts, which are forgotten here, nobody can tell whose they were.
    """
    held = session.scalars(
        select(Certificate.id)
        .where(Certificate.person_id == person_id, Certificate.state != CertificateState.ERASED)
        .order_by(Certificate.id)
        .with_for_update()  # all of them before the log is held: whoever holds one may wait for the log
    ).all()
    for certificate_id in held:
        change_state(
            session,
            certificate_id=certificate_id,
            to=CertificateState.ERASED,
            reason="The holder deleted the account.",
            actor_id=None,
            signing=signing,
            at=at,
            source="erasure",
        )
    _forget_credentials(session, held)
    _forget_words(session, held)
    _remove_files(session, held, at)


def erase_shown(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Take away what a person shows to everybody. Nothing of it is kept, so the instant is not needed."""
    erase_sharing(session, person_id=person_id)


def _forget_credentials(session: Session, certificates: Sequence[str]) -> None:
    session.execute(
        update(Credential)
        .where(Credential.certificate_id.in_(certificates))
        .values(state=CredentialState.ERASED, salt=None, content=None, document=None, jwt=None, flag=None)
    )


def _forget_words(session: Session, certificates: Sequence[str]) -> None:
    """Reasons are written for the holder, and may say anything about them."""
    session.execute(
        update(StateChange)
        .where(StateChange.certificate_id.in_(certificates), StateChange.state != CertificateState.ERASED)
        .values(reason=ERASED_TEXT, salt=None)
    )
    for table in (RevocationProposal, CertificateReview):
        session.execute(
            update(table)
            .where(table.certificate_id.in_(certificates), table.decision_reason.is_not(None))
            .values(decision_reason=ERASED_TEXT)
        )
    session.execute(
        update(RevocationProposal).where(RevocationProposal.certificate_id.in_(certificates)).values(reason=ERASED_TEXT)
    )


def _remove_files(session: Session, certificates: Sequence[str], at: datetime) -> None:
    files = session.scalars(select(CertificateFile).where(CertificateFile.certificate_id.in_(certificates))).all()
    for file in files:
        post(session, topic=REMOVE_TOPIC, payload={"sha256": file.sha256}, at=at)
    session.execute(delete(CertificateFile).where(CertificateFile.certificate_id.in_(certificates)))
