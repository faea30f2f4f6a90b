"""Certificates that somebody holds, with keys that sign and credentials that were begun, for tests."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.adapters.signing import Signing
from certificates.domain.contents import CertificateView
from certificates.domain.log_leaves import commitment
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause, Credential, CredentialState
from certificates.models.keys import KeyPurpose
from certificates.models.life_cycle import StateChange
from certificates.models.log import LeafKind
from certificates.operations.issuance_log import append_leaf
from certificates.operations.keys import make_missing_keys
from certificates.operations.state_changes import change_state
from certificates.operations.status_entries import draw_status_entry
from lms.db.scope import organisation_of
from tests.certificates.factories import AT, BASE_URL, make_office, qualify, the_certificate

LATER = AT + timedelta(minutes=1)  # than the letter that a certificate is ready


def make_signing(session: Session, app: Flask) -> Signing:
    """The application's keys, made where there are none yet."""
    keys = app.extensions["assay.keys"]
    make_missing_keys(session, keys=keys, is_development=True, at=AT)
    return Signing(keys, BASE_URL)


def make_held(session: Session, *, count: int = 1) -> list[CertificateView]:
    """So many people who passed, each with a certificate."""
    make_office(session)
    return [the_certificate(session, qualify(session, name=f"Holder {number}")) for number in range(1, count + 1)]


def make_credential(session: Session, certificate_id: str, signing: Signing, *, at: datetime = AT) -> Credential:
    """Another signed credential, whatever it says; those before it are not current any more."""
    of_certificate = Credential.certificate_id == certificate_id
    last = session.scalar(select(func.max(Credential.number)).where(of_certificate)) or 0
    session.execute(update(Credential).where(of_certificate).values(is_current=False))
    salt = secrets.token_hex(32)
    entry, committed = draw_status_entry(session), commitment(salt, b"{}")
    inclusion = append_leaf(
        session, kind=LeafKind.CREDENTIAL, commitment=committed, keys=signing.keys, origin=signing.origin, at=at
    )
    credential = Credential(
        organisation_id=organisation_of(session),
        certificate_id=certificate_id,
        number=last + 1,
        is_current=True,
        cause=Cause.NAME if last else Cause.ISSUED,
        state=CredentialState.SIGNED,
        salt=salt,
        content="{}",
        commitment=committed,
        leaf_index=inclusion.index,
        status_list=entry.list,
        status_index=entry.index,
        intended_at=at,
        document="{}",
        jwt="a.b.c",
        key_id=signing.keys.active(session, KeyPurpose.CREDENTIAL).id,
        signed_at=at,
    )
    session.add(credential)
    session.flush()
    return credential


def change(
    session: Session,
    signing: Signing,
    certificate_id: str,
    to: CertificateState,
    *,
    reason: str = "Something was found.",
    actor_id: UUID | None = None,
    at: datetime = LATER,
) -> None:
    """Change the state of a certificate."""
    change_state(
        session, certificate_id=certificate_id, to=to, reason=reason, actor_id=actor_id, signing=signing, at=at
    )


def state_of(session: Session, certificate_id: str) -> CertificateState:
    return session.scalars(select(Certificate.state).where(Certificate.id == certificate_id)).one()


def changes_of(session: Session, certificate_id: str) -> list[StateChange]:
    """Every change of a certificate, in their order."""
    found = select(StateChange).where(StateChange.certificate_id == certificate_id).order_by(StateChange.number)
    return list(session.scalars(found))
