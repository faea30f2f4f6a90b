"""Personal data: which services a person let in, for the export; all of it goes with the account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.oidc.models import AccessToken, Admission, AuthorizationCode, SignInClient


def export_admissions(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """Each service with what it may learn, since when, and until when."""
    found = session.execute(
        select(SignInClient.name, Admission)
        .join(SignInClient, SignInClient.id == Admission.client_id)
        .where(Admission.person_id == person_id)
        .order_by(Admission.given_at, Admission.id)
    )
    return [
        {
            "service": name,
            "learns": row.scope.split(),
            "given_at": row.given_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for name, row in found
    ]


def erase_admissions(session: Session, *, person_id: UUID, at: datetime) -> None:
    for table in (AccessToken, AuthorizationCode, Admission):
        session.execute(delete(table).where(table.person_id == person_id))
