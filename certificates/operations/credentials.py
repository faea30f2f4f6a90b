"""Credentials: asked for, begun as an intent that is in the log, kept once they are signed."""

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from assessments.models.attempts import Attempt
from certificates.adapters.canonical_json import canonical
from certificates.adapters.signing import Signing
from certificates.domain.credential import build_content
from certificates.domain.issuance import Begun, Intent, SignedCredential
from certificates.domain.issuer import Issuer, issuer_of
from certificates.domain.log_leaves import commitment
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.credentials import ISSUE_TOPIC, Cause, Credential, CredentialState
from certificates.models.designs import DesignVersion
from certificates.models.keys import KeyPurpose
from certificates.models.log import LeafKind
from certificates.operations.issuance_log import append_leaf
from certificates.operations.status_entries import draw_status_entry
from certificates.queries.certificates import find_certificate
from certificates.queries.intents import is_earned
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.outbox.operations import post

_SALT_BYTES = 32


def ask_for_credential(session: Session, *, certificate_id: str, cause: Cause, at: datetime) -> None:
    """Have a certificate signed, or signed anew, once this transaction is committed.

    The number makes it idempotent: whoever asks before the next credential is begun asks for the same one.
    """
    last = session.scalar(select(func.max(Credential.number)).where(Credential.certificate_id == certificate_id))
    ask_for_number(session, certificate_id=certificate_id, number=(last or 0) + 1, cause=cause, at=at)


def ask_for_number(session: Session, *, certificate_id: str, number: int, cause: Cause, at: datetime) -> None:
    """Have the credential with this number brought to its end, wherever it stands."""
    payload = {"certificate_id": certificate_id, "number": number, "cause": cause.value}
    post(session, topic=ISSUE_TOPIC, payload=payload, at=at)


def intend_credential(
    session: Session, *, certificate_id: str, number: int, cause: Cause, signing: Signing, at: datetime
) -> Begun | None:
    """Write down what is to be signed, and log it: nothing is signed before this is committed.

    None for a certificate that is gone or erased. The lock on the certificate lets a change of it come before or
    after, never between.
    """
    begun = select(Credential.id).where(Credential.certificate_id == certificate_id, Credential.number == number)
    held = session.execute(
        select(Certificate.state, is_earned(), begun.scalar_subquery())
        .join(Attempt, Attempt.id == Certificate.attempt_id)
        .where(Certificate.id == certificate_id)
        .with_for_update(of=Certificate)
    ).one_or_none()
    if held is None or held[0] is CertificateState.ERASED:
        return None
    if held[2] is not None:
        return Begun(held[2], None)
    intent = _begin(session, certificate_id, number, cause, signing, at)
    return Begun(intent.credential_id, replace(intent, is_earned=bool(held[1])))


def _begin(session: Session, certificate_id: str, number: int, cause: Cause, signing: Signing, at: datetime) -> Intent:
    at = at.replace(microsecond=0)  # as the proof will say it: from that, strangers compute the leaf
    certificate = find_certificate(session, certificate_id)
    assert certificate is not None  # it is locked, and not erased
    status = draw_status_entry(session)
    issuer, design_version_id = _issuer_and_design(session, signing)
    content = canonical(
        build_content(certificate, issuer=issuer, base_url=signing.base_url, number=number, status=status)
    )
    salt = secrets.token_bytes(_SALT_BYTES)
    committed = commitment(salt.hex(), content)
    logged = append_leaf(
        session, kind=LeafKind.CREDENTIAL, commitment=committed, keys=signing.keys, origin=signing.origin, at=at
    )
    credential_id = uuid4()
    session.add(
        Credential(
            id=credential_id,
            organisation_id=organisation_of(session),
            certificate_id=certificate_id,
            number=number,
            is_current=False,
            cause=cause,
            state=CredentialState.INTENDED,
            salt=salt.hex(),
            content=content.decode(),
            commitment=committed,
            design_version_id=design_version_id,
            leaf_index=logged.index,
            status_list=status.list,
            status_index=status.index,
            intended_at=at,
        )
    )
    session.flush()
    return Intent(
        credential_id=credential_id,
        certificate_id=certificate_id,
        number=number,
        content=content.decode(),
        inclusion=replace(logged, extra=salt),
        intended_at=at,
        is_earned=False,  # the caller knows
    )


def keep_credential(session: Session, *, intent: Intent, signed: SignedCredential, at: datetime) -> bool:
    """Keep what was signed; it is the certificate's credential from now on, and the one before is superseded.

    False when another worker was first, or the holder's data was erased meanwhile. One that is signed later than its
    successor is kept, and is superseded from the start.
    """
    of_certificate = Credential.certificate_id == intent.certificate_id
    if intent.number > 1 and _is_held(session, intent):
        session.execute(
            update(Credential)
            .where(of_certificate, Credential.is_current, Credential.number < intent.number)
            .values(is_current=False)
        )
    successor = aliased(Credential)
    is_superseded = exists().where(
        successor.certificate_id == intent.certificate_id,
        successor.number > intent.number,
        successor.state == CredentialState.SIGNED,
    )
    holder = select(Certificate.person_id).where(Certificate.id == intent.certificate_id)
    kept = session.execute(
        update(Credential)
        .where(Credential.id == intent.credential_id, Credential.state == CredentialState.INTENDED)
        .values(
            state=CredentialState.SIGNED,
            is_current=~is_superseded,
            document=signed.document.decode(),
            jwt=signed.jwt,
            key_id=signed.key_id,
            document_key_id=signed.document_key_id,
            signed_at=at,
        )
        .returning(Credential.cause, holder.scalar_subquery())
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if kept is None:
        return False
    cause, holder_id = kept
    record(
        session,
        action="certificate.signed",
        actor="worker",
        subject_id=holder_id,
        at=at,
        certificate=intent.certificate_id,
        number=intent.number,
        cause=cause.value,
        key=signed.key_id,
    )
    return True


def _is_held(session: Session, intent: Intent) -> bool:
    """Whether it is still to be signed; from now on nobody else can decide otherwise."""
    waits = Credential.id == intent.credential_id, Credential.state == CredentialState.INTENDED
    return session.scalars(select(Credential.id).where(*waits).with_for_update()).one_or_none() is not None


def flag_credential(session: Session, *, credential_id: UUID, reason: str) -> None:
    """An intent that must not be signed, or cannot be: it waits for a person."""
    session.execute(
        update(Credential)
        .where(Credential.id == credential_id, Credential.state == CredentialState.INTENDED)
        .values(state=CredentialState.FLAGGED, flag=reason[:500])
    )


def _issuer_and_design(session: Session, signing: Signing) -> tuple[Issuer, UUID | None]:
    """Who issues, and in which design: None for the house's own."""
    organisation_id = organisation_of(session)
    slug, name, design_version_id = session.execute(
        select(Organisation.slug, Organisation.name, DesignVersion.id)
        .outerjoin(DesignVersion, and_(DesignVersion.organisation_id == Organisation.id, DesignVersion.is_current))
        .where(Organisation.id == organisation_id)
    ).one()
    issuer = issuer_of(
        base_url=signing.base_url,
        slug=slug,
        name=name,
        is_public=organisation_id == PUBLIC_ORGANISATION_ID,
        is_development=signing.keys.active(session, KeyPurpose.CREDENTIAL).is_development,
    )
    return issuer, design_version_id
