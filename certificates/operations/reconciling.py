"""Reconciling: every certificate that is to be signed and printed gets there, whatever crashed on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, literal, select, union_all, update
from sqlalchemy.orm import Session, aliased

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate, CertificateFile
from certificates.models.credentials import ISSUE_TOPIC, Cause, Credential, CredentialState
from certificates.operations.credentials import ask_for_number
from lms.outbox.models import OutboxMessage

PATIENCE = timedelta(minutes=5)  # for as long nobody worries
LONGEST = timedelta(days=1)  # that an intent may wait for its signature before a person is to look
HOPELESS = 8  # tries of a message, which take some four minutes
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A certificate and the number of the credential that it lacks, or that lacks its file."""

    certificate_id: str
    number: int
    cause: Cause


def reconcile(session: Session, *, at: datetime) -> int:
    """Ask again for what nobody is at any more, and return for how many certificates that was needed.

    As long as messages wait in the outbox, they are what finishes the work: asking beside them would only repeat it.
    One that has failed again and again is not waited for, and an intent that is not signed for a day is flagged.
    """
    _flag_the_hopeless(session, at)
    is_at_work = session.scalars(
        select(OutboxMessage.id)
        .where(OutboxMessage.topic == ISSUE_TOPIC, OutboxMessage.delivered_at.is_(None), OutboxMessage.tries < HOPELESS)
        .limit(1)
    ).first()
    if is_at_work is not None:
        return 0
    found = list_unfinished(session, before=at - PATIENCE, limit=MOST_AT_ONCE)
    for one in found:
        ask_for_number(session, certificate_id=one.certificate_id, number=one.number, cause=one.cause, at=at)
    return len(found)


def take_up_again(session: Session, *, at: datetime) -> int:
    """Try once more what was flagged, because a person saw to what was wrong; returns how many there are."""
    taken = session.execute(
        update(Credential)
        .where(Credential.state == CredentialState.FLAGGED, ~_newer().exists())
        .values(state=CredentialState.INTENDED, flag=None)
        .returning(Credential.certificate_id, Credential.number, Credential.cause)
    ).all()
    for certificate_id, number, cause in taken:
        ask_for_number(session, certificate_id=certificate_id, number=number, cause=cause, at=at)
    return len(taken)


def _newer() -> Select[UUID]:
    later = aliased(Credential)
    return select(later.id).where(later.certificate_id == Credential.certificate_id, later.number > Credential.number)


def _flag_the_hopeless(session: Session, at: datetime) -> None:
    session.execute(
        update(Credential)
        .where(Credential.state == CredentialState.INTENDED, Credential.intended_at < at - LONGEST)
        .values(state=CredentialState.FLAGGED, flag="It was not signed within a day; the worker's log says why.")
    )


def list_unfinished(session: Session, *, before: datetime, limit: int) -> Sequence[Unfinished]:
    """Certificates of which something is missing that was due before an instant; flagged ones wait for a person."""
    rows = session.execute(union_all(_never_begun(before), _not_signed(before), _without_file(before)).limit(limit))
    return [Unfinished(*row) for row in rows]


def _never_begun(before: datetime) -> Select[str, int, Cause]:
    first = literal(1), literal(Cause.ISSUED, Credential.cause.type)
    begun = select(Credential.id).where(Credential.certificate_id == Certificate.id).exists()
    is_due = Certificate.issued_at < before, Certificate.state != CertificateState.ERASED
    return select(Certificate.id, *first).where(*is_due, ~begun)


def _not_signed(before: datetime) -> Select[str, int, Cause]:
    return select(Credential.certificate_id, Credential.number, Credential.cause).where(
        Credential.state == CredentialState.INTENDED, Credential.intended_at < before
    )


def _without_file(before: datetime) -> Select[str, int, Cause]:
    return (
        select(Credential.certificate_id, Credential.number, Credential.cause)
        .outerjoin(CertificateFile, CertificateFile.credential_id == Credential.id)
        .where(
            Credential.is_current,
            Credential.state == CredentialState.SIGNED,
            Credential.signed_at < before,
            CertificateFile.certificate_id.is_(None),
        )
    )
