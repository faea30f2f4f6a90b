"""Signed credentials for tests that do not look at signatures: quick to make, told apart by what they say."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.adapters.file_store import FileStore
from certificates.domain.design import Orientation, Paper
from certificates.models.certificates import CertificateFile
from certificates.models.credentials import Cause, Credential, CredentialState
from certificates.models.designs import DesignVersion
from certificates.models.keys import KeyPurpose, KeyState, SigningKey
from certificates.models.log import LeafKind, LogLeaf
from lms.db.scope import organisation_of
from tests.certificates.factories import AT

_FAR = 1_000_000  # where no leaf of the log itself comes in a test
KEY, DOCUMENT_KEY = "a-key", "a-document-key"


def make_signed(
    session: Session, certificate_id: str, *, number: int = 1, says: str = "hello", design_id: UUID | None = None
) -> Credential:
    """The current credential of a certificate; the one before it is current no more."""
    _make_keys(session)
    before = select(Credential).where(Credential.certificate_id == certificate_id, Credential.is_current)
    for row in session.scalars(before):
        row.is_current = False
    session.flush()
    leaf = _FAR + (session.scalar(select(func.count()).select_from(LogLeaf)) or 0)
    session.add(LogLeaf(index=leaf, kind=LeafKind.CREDENTIAL, commitment="0" * 64, leaf_hash="0" * 64, at=AT))
    session.flush()
    made = Credential(
        organisation_id=organisation_of(session),
        certificate_id=certificate_id,
        number=number,
        is_current=True,
        cause=Cause.ISSUED,
        state=CredentialState.SIGNED,
        salt="0" * 64,
        content="{}",
        commitment="0" * 64,
        design_version_id=design_id,
        leaf_index=leaf,
        status_list=1,
        status_index=leaf - _FAR,
        intended_at=AT,
        document=json.dumps({"says": says, "number": number}, ensure_ascii=False),
        jwt=f"head.{number}.tail",
        key_id=KEY,
        document_key_id=DOCUMENT_KEY,
        signed_at=AT,
    )
    session.add(made)
    session.flush()
    return made


def make_pdf(session: Session, credential: Credential, store: FileStore, *, content: bytes = b"%PDF-made-up") -> None:
    """The PDF of a credential."""
    session.merge(
        CertificateFile(
            organisation_id=organisation_of(session),
            certificate_id=credential.certificate_id,
            credential_id=credential.id,
            sha256=store.put(content),
            byte_count=len(content),
            rendered_at=AT,
        )
    )
    session.flush()


def make_design(session: Session, person_id: UUID, *, accent: str, at: datetime = AT) -> DesignVersion:
    """A design in a colour of its own."""
    made = DesignVersion(
        organisation_id=organisation_of(session),
        number=1,
        is_current=True,
        paper=Paper.A4,
        orientation=Orientation.PORTRAIT,
        display_name="",
        accent=accent,
        logo=None,
        signatories=[],
        created_by=person_id,
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made


def _make_keys(session: Session) -> None:
    for key_id, purpose, x509 in ((KEY, KeyPurpose.CREDENTIAL, None), (DOCUMENT_KEY, KeyPurpose.DOCUMENT, "PEM")):
        if session.get(SigningKey, key_id) is None:
            session.add(
                SigningKey(
                    id=key_id,
                    purpose=purpose,
                    state=KeyState.COMPROMISED,  # it was made up, so nobody is to read its public half
                    public_jwk={},
                    x509=x509,
                    is_development=True,
                    created_at=AT,
                    retired_at=AT,
                    compromised_at=AT,
                )
            )
    session.flush()
