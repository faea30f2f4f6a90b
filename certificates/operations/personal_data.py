"""Personal data of certificates: what is held of a person, and its erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate, CertificateFile
from certificates.operations.rendering import REMOVE_TOPIC
from certificates.queries.certificates import list_certificates
from lms.outbox.operations import post


def export_certificates(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """Every certificate of a person, newest first."""
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
        }
        for certificate in list_certificates(session, person_id=person_id)
    ]


def erase_certificates(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Take the name off every certificate and its file away; from now on nobody can verify them.

    The rows stay without a name, so that an attempt cannot earn a second certificate.
    """
    erased = session.scalars(
        update(Certificate)
        .where(Certificate.person_id == person_id)
        .values(
            state=CertificateState.ERASED,
            state_reason="The holder deleted the account.",
            holder_name="",
        )
        .returning(Certificate.id)
    ).all()
    files = session.scalars(select(CertificateFile).where(CertificateFile.certificate_id.in_(erased))).all()
    for file in files:
        post(session, topic=REMOVE_TOPIC, payload={"sha256": file.sha256}, at=at)
    session.execute(delete(CertificateFile).where(CertificateFile.certificate_id.in_(erased)))
