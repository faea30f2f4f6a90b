"""Credentials on their way: what is to be signed, and what is to be printed."""

import json
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt
from certificates.domain.credential_facts import differences
from certificates.domain.issuance import Intent, Printing
from certificates.models.certificates import Certificate, CertificateFile
from certificates.models.credentials import Credential, CredentialState
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.queries.certificates import find_certificate
from certificates.queries.designs import find_design
from certificates.queries.issuance_log import prove_first_inclusion


def find_intent(session: Session, credential_id: UUID) -> Intent | None:
    """The intent with this id; None when it was signed, flagged or erased."""
    row = session.execute(
        select(Credential, is_earned())
        .join(Certificate, Certificate.id == Credential.certificate_id)
        .join(Attempt, Attempt.id == Certificate.attempt_id)
        .where(Credential.id == credential_id, Credential.state == CredentialState.INTENDED)
    ).one_or_none()
    if row is None:
        return None
    credential, earned = row
    assert credential.content is not None  # constraints tie both to the state
    assert credential.salt is not None
    inclusion = prove_first_inclusion(session, credential.leaf_index)
    return Intent(
        credential_id=credential.id,
        certificate_id=credential.certificate_id,
        number=credential.number,
        content=credential.content,
        inclusion=replace(inclusion, extra=bytes.fromhex(credential.salt)),
        intended_at=credential.intended_at,
        is_earned=bool(earned),
    )


def is_earned() -> ColumnElement[bool]:
    """Whether the attempt behind a certificate passed, in a statement that joins both.

    A pass that a regrade took counts while people are to decide whether the certificate stays, and when it does.
    """
    states = (ReviewState.OPEN, ReviewState.KEPT)
    in_review = exists().where(CertificateReview.certificate_id == Certificate.id, CertificateReview.state.in_(states))
    return or_(Attempt.has_passed.is_(True), in_review)


def find_printing(session: Session, credential_id: UUID) -> Printing | None:
    """What is to be printed; None when it is printed already, erased, or superseded.

    None as well when the certificate says something else by now: the credential that says so prints its own.
    """
    credential = session.scalars(
        select(Credential)
        .outerjoin(CertificateFile, CertificateFile.credential_id == Credential.id)
        .where(Credential.id == credential_id, Credential.is_current, Credential.state == CredentialState.SIGNED)
        .where(CertificateFile.certificate_id.is_(None))
    ).one_or_none()
    certificate = find_certificate(session, credential.certificate_id) if credential else None
    if credential is None or certificate is None:
        return None
    if differences(certificate, json.loads(credential.content or "{}")):
        return None
    assert credential.document is not None  # constraints tie both to the state
    assert credential.document_key_id is not None
    assert credential.signed_at is not None
    return Printing(
        certificate=certificate,
        design=find_design(session, credential.design_version_id),
        document=credential.document.encode(),
        document_key_id=credential.document_key_id,
        signed_at=credential.signed_at,
    )
