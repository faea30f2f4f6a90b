"""Credentials as their holder gets them: the current one, and the colour it was made in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.design import HOUSE_DESIGN
from certificates.models.credentials import Cause, Credential, CredentialState
from certificates.models.designs import DesignVersion


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A signed credential; `document` is JSON with its proof, `jwt` says the same."""

    id: UUID
    number: int
    cause: Cause
    document: str
    jwt: str
    signed_at: datetime


def find_current_credential(session: Session, certificate_id: str) -> CredentialView | None:
    """What a certificate's holder carries; None while it is being signed, and once it is erased."""
    return current_credentials(session, [certificate_id]).get(certificate_id)


def current_credentials(session: Session, certificate_ids: Collection[str]) -> dict[str, CredentialView]:
    """The current credentials of these certificates, by certificate id, in one statement."""
    found = select(Credential).where(
        Credential.certificate_id.in_(certificate_ids),
        Credential.is_current,
        Credential.state == CredentialState.SIGNED,
    )
    return {row.certificate_id: _view(row) for row in session.scalars(found)}


def find_accent(session: Session, certificate_id: str) -> str:
    """The colour "#rrggbb" of the design in which the certificate was made; until then that of the house."""
    return accents(session, [certificate_id])[certificate_id]


def accents(session: Session, certificate_ids: Collection[str]) -> dict[str, str]:
    """The same for each of these certificates, in one statement."""
    rows = session.execute(
        select(Credential.certificate_id, DesignVersion.accent)
        .join(DesignVersion, DesignVersion.id == Credential.design_version_id)
        .where(Credential.certificate_id.in_(certificate_ids), Credential.is_current)
    )
    designed = {row.certificate_id: row.accent for row in rows}
    return dict.fromkeys(certificate_ids, HOUSE_DESIGN.accent) | designed


def _view(row: Credential) -> CredentialView:
    if row.document is None or row.jwt is None or row.signed_at is None:
        raise ValueError(f"the database holds a signed credential without what was signed: {row.id}")
    return CredentialView(row.id, row.number, row.cause, row.document, row.jwt, row.signed_at)
