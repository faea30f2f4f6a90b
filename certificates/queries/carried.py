"""What a holder can take along of a certificate by now: its credential, its PDF, its badge's colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.contents import CertificateView
from certificates.models.certificates import CertificateFile
from certificates.queries.certificates import get_own_certificate, list_certificates
from certificates.queries.credentials import CredentialView, accents, current_credentials


@dataclass(frozen=True, slots=True)
class Carried:
    """A certificate; its credential is None until it is signed, the hash of its PDF until that one is made of it."""

    certificate: CertificateView
    credential: CredentialView | None
    pdf_sha256: str | None
    accent: str


def get_carried(session: Session, *, certificate_id: str, person_id: UUID) -> Carried:
    """Raises NotFound also when the certificate is somebody else's."""
    found = get_own_certificate(session, certificate_id=certificate_id, person_id=person_id)
    return _carried(session, [found])[0]


def list_carried(session: Session, *, person_id: UUID, most: int) -> list[Carried]:
    """The same for a person's newest certificates, at most so many."""
    return _carried(session, list_certificates(session, person_id=person_id)[:most])


def _carried(session: Session, certificates: Sequence[CertificateView]) -> list[Carried]:
    ids = [one.id for one in certificates]
    credentials, colours = current_credentials(session, ids), accents(session, ids)
    files = session.scalars(select(CertificateFile).where(CertificateFile.certificate_id.in_(ids)))
    # A PDF that was printed of an earlier credential is superseded with it.
    printed = {file.credential_id: file.sha256 for file in files}
    return [
        Carried(one, credential, printed.get(credential.id) if credential else None, colours[one.id])
        for one in certificates
        for credential in [credentials.get(one.id)]
    ]
