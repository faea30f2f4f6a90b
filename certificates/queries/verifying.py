"""Verification against the records of this installation: what an id leads to, and what they say to a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.checkpoints import read_note
from certificates.domain.contents import Verification
from certificates.domain.credential_facts import facts_of
from certificates.domain.inclusion import Inclusion
from certificates.domain.log_findings import LogFinding
from certificates.domain.log_trust import open_checkpoint
from certificates.domain.records import (
    Claim,
    Edition,
    Examined,
    Record,
    document_of,
    faults_of,
    inclusion_of,
    unsigned_in,
)
from certificates.domain.standing import CertificateState
from certificates.domain.verdicts import Check, Outcome, not_made, passed
from certificates.models.credentials import Credential, CredentialState
from certificates.queries.issuance_log import holds
from certificates.queries.keys import trusted_keys
from certificates.queries.records import find_record, is_being_signed
from lms.errors import NotFound

_OF_STATE = {
    CertificateState.SUSPENDED: (Outcome.SUSPENDED, "The issuer has suspended it while something is examined."),
    CertificateState.REVOKED: (Outcome.REVOKED, "The issuer has withdrawn it."),
    CertificateState.SUPERSEDED: (Outcome.SUPERSEDED, "A newer certificate took its place."),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What belongs to the records and is not in the database.

    `published` is the published head of the log as a note; to be read before the session begins, which would else see
    less than what was published meanwhile.
    """

    base_url: str
    published: str | None


def examine_certificate(session: Session, *, certificate_id: str, around: Surroundings, at: datetime) -> Examined:
    """What anybody may know of a certificate, and whether its record is what was signed and logged.

    Raises NotFound in the same words for an unknown id and an erased certificate.
    """
    found = _look(session, certificate_id, around)
    if found is None:
        raise NotFound("No certificate has this id.")
    record, faults = found
    return Examined(
        certificate=_told(record, at, issuer=None if faults else _signed_issuer(record)),
        edition=record.current.number if record.current else None,
        edition_since=record.current.since if record.current else None,
        faults=tuple(faults),
    )


class DatabaseRecords:
    """The records in the database of this installation."""

    def __init__(self, session: Session, around: Surroundings) -> None:
        self._session = session
        self._around = around

    def checks(self, claim: Claim) -> list[Check]:
        """What the records say of a claim: its entry in the log today, its record, its state, its edition."""
        fault = _fault_of_log(self._session, claim.inclusion, self._around)
        log = Check("log-today", Outcome.ALTERED, fault) if fault else passed("log-today", LogFinding.HELD.says)
        found = _look(self._session, claim.certificate_id, self._around)
        if found is None:
            says = "The issuer has no record of it. A holder who leaves can have it erased."
            return [log, Check("state", Outcome.REVOKED, says)]
        record, faults = found
        return [log, _record(faults), _state(record.view.state), self._edition(claim, record.current)]

    def _edition(self, claim: Claim, current: Edition | None) -> Check:
        row = self._session.execute(
            select(Credential.commitment, Credential.state).where(
                Credential.certificate_id == claim.certificate_id, Credential.number == claim.number
            )
        ).one_or_none()
        if row is None or row.commitment != claim.commitment:
            return Check("edition", Outcome.ALTERED, f"What the issuer has as edition {claim.number} is not this.")
        if current is None or row.state is not CredentialState.SIGNED:
            return not_made("edition", "The issuer is still signing it.")
        if current.number != claim.number:
            says = f"There is a newer edition, number {current.number}, since {current.since.date().isoformat()}."
            return Check("edition", Outcome.SUPERSEDED, says)
        return passed("edition", f"This is edition {claim.number}, the newest.")


def _look(session: Session, certificate_id: str, around: Surroundings) -> tuple[Record, list[str]] | None:
    """The record and its faults. What was just being changed, statement by statement, is whole at the second look."""
    record = find_record(session, certificate_id)
    if record is None:
        return None
    faults = _faults(session, record, around)
    if not faults:
        return record, faults
    session.expire_all()
    record = find_record(session, certificate_id)
    return (record, _faults(session, record, around)) if record else None


def _faults(session: Session, record: Record, around: Surroundings) -> list[str]:
    faults = faults_of(record)
    unsigned = [] if faults else unsigned_in(record)
    if unsigned and not is_being_signed(session, record.view.id):
        faults = unsigned
    if faults or record.current is None:
        return faults
    fault = _fault_of_entry(session, document_of(record.current), around)
    return [fault] if fault else []


def _fault_of_entry(session: Session, document: dict[str, Any], around: Surroundings) -> str | None:
    """What is wrong with the log entry of a credential of ours, from its commitment up to what is signed."""
    trust = trusted_keys(session, base_url=around.base_url)
    try:
        inclusion = inclusion_of(document)
        open_checkpoint(inclusion.note, trust=trust, issuer=document["issuer"]["id"])
    except ValueError as fault:
        return f"Its entry in the issuance log cannot be followed: {fault}."
    return _fault_of_log(session, inclusion, around)


def _fault_of_log(session: Session, inclusion: Inclusion, around: Surroundings) -> str | None:
    """What is wrong with our log, seen from an entry."""
    try:
        published = read_note(around.published) if around.published else None
        finding = holds(session, inclusion, published=published)
    except ValueError as fault:
        return f"The issuance log cannot be followed: {fault}."
    return None if finding.is_good else finding.says


def _record(faults: list[str]) -> Check:
    if faults:
        return Check("record", Outcome.ALTERED, " ".join(faults))
    return passed("record", "The issuer's record says what was signed and logged.")


def _state(state: CertificateState) -> Check:
    outcome, says = _OF_STATE.get(state, (Outcome.VALID, "The issuer has neither suspended nor withdrawn it."))
    return Check("state", outcome, says)


def _signed_issuer(record: Record) -> str | None:
    """The issuer's name as it was signed, which says so when the key was one for development; None until then."""
    return facts_of(document_of(record.current)).issuer if record.current else None


def _told(record: Record, at: datetime, *, issuer: str | None) -> Verification:
    view = record.view
    return Verification(
        id=view.id,
        achievement=view.achievement,
        criteria=view.criteria,
        holder_name=view.holder_name,
        issuer=issuer or view.issuer,
        issued_at=view.issued_at,
        valid_until=view.valid_until,
        standing=view.standing(at),
    )
