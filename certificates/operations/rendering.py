"""Rendering: when the PDF of a certificate is asked for, and what is kept of it."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate, CertificateFile
from certificates.queries.certificates import find_file
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.outbox.operations import post

RENDER_TOPIC = "certificate.render"
REMOVE_TOPIC = "certificate.remove"


def ask_for_rendering(session: Session, *, certificate_id: str, at: datetime) -> None:
    """Have the PDF made once this transaction is committed."""
    post(session, topic=RENDER_TOPIC, payload={"certificate_id": certificate_id}, at=at)


def repair_file(session: Session, *, certificate_id: str, sha256: str, at: datetime) -> None:
    """Have a PDF made anew whose file was lost or damaged; of many who notice, one asks."""
    forgotten = session.execute(
        delete(CertificateFile)
        .where(CertificateFile.certificate_id == certificate_id, CertificateFile.sha256 == sha256)
        .returning(CertificateFile.certificate_id)
    ).scalar_one_or_none()
    if forgotten is not None:
        ask_for_rendering(session, certificate_id=certificate_id, at=at)


def keep_file(session: Session, *, certificate_id: str, sha256: str, byte_count: int, at: datetime) -> str | None:
    """Note the file of a certificate, unless one is noted; returns the hash that is.

    None when the certificate was erased meanwhile: the row lock lets an erasure come before or after, never between.
    """
    state = session.scalars(
        select(Certificate.state).where(Certificate.id == certificate_id).with_for_update()
    ).one_or_none()
    if state is None or state is CertificateState.ERASED:
        return None
    session.execute(
        insert_into(session, CertificateFile)
        .values(
            certificate_id=certificate_id,
            organisation_id=organisation_of(session),
            sha256=sha256,
            byte_count=byte_count,
            rendered_at=at,
        )
        .on_conflict_do_nothing(index_elements=["certificate_id"])
    )
    kept = find_file(session, certificate_id)
    return kept.sha256 if kept else None
