"""Files: what is kept of the PDF of a certificate, and how one that was lost is made anew."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.models.certificates import CertificateFile
from certificates.models.credentials import Credential, CredentialState
from certificates.operations.credentials import ask_for_number
from lms.db.scope import organisation_of
from lms.outbox.operations import post

REMOVE_TOPIC = "certificate.remove"


def keep_file(session: Session, *, credential_id: UUID, sha256: str, byte_count: int, at: datetime) -> str | None:
    """Note the file of a credential, unless one is noted; returns the hash that is.

    None when a newer credential took its place or its holder's data was erased: the lock lets these come before or
    after, never between. The file of the credential before it is removed after the commit.
    """
    held = session.execute(
        select(Credential.certificate_id, CertificateFile)
        .outerjoin(CertificateFile, CertificateFile.certificate_id == Credential.certificate_id)
        .where(Credential.id == credential_id, Credential.is_current, Credential.state == CredentialState.SIGNED)
        .with_for_update(of=Credential)
    ).one_or_none()
    if held is None:
        return None
    certificate_id, kept = held
    if kept is not None and kept.credential_id == credential_id:
        return kept.sha256
    if kept is not None:
        remove_file(session, kept, at=at)
    session.add(
        CertificateFile(
            certificate_id=certificate_id,
            organisation_id=organisation_of(session),
            credential_id=credential_id,
            sha256=sha256,
            byte_count=byte_count,
            rendered_at=at,
        )
    )
    session.flush()
    return sha256


def remove_file(session: Session, file: CertificateFile, *, at: datetime) -> None:
    """Forget a file now, and have it removed after the commit."""
    post(session, topic=REMOVE_TOPIC, payload={"sha256": file.sha256}, at=at)
    session.delete(file)
    session.flush()


def repair_file(session: Session, *, certificate_id: str, sha256: str, at: datetime) -> None:
    """Have a PDF made anew whose file was lost or damaged; of many who notice, one asks."""
    forgotten = session.execute(
        delete(CertificateFile)
        .where(CertificateFile.certificate_id == certificate_id, CertificateFile.sha256 == sha256)
        .returning(CertificateFile.credential_id)
    ).scalar_one_or_none()
    if forgotten is None:
        return
    credential = session.get_one(Credential, forgotten)
    ask_for_number(session, certificate_id=certificate_id, number=credential.number, cause=credential.cause, at=at)
