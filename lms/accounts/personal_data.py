"""Personal data: each package says what it holds of a person, and erases it when the person leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.accounts.models import MailedLink, Membership, Person, PersonState, SignIn
from lms.audit.models import AuditEvent
from lms.audit.operations import record

_EXTENSION = "assay.personal_data"


class Erase(Protocol):
    """Removes or anonymises what a package holds of a person."""

    def __call__(self, session: Session, *, person_id: UUID, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """What one package holds: `export` returns plain JSON values."""

    name: str
    export: Callable[[Session, UUID], Any]
    erase: Erase


def register_holder(app: Flask, holder: Holder) -> None:
    app.extensions.setdefault(_EXTENSION, []).append(holder)


def export_person(app: Flask, session: Session, *, person_id: UUID) -> dict[str, Any]:
    """Everything that is held of a person, by package."""
    return {holder.name: holder.export(session, person_id) for holder in app.extensions[_EXTENSION]}


def erase_person(app: Flask, session: Session, *, person_id: UUID, at: datetime) -> None:
    """Erase a person in every package, upper floors first, because they refer to what lies below."""
    for holder in reversed(app.extensions[_EXTENSION]):
        holder.erase(session, person_id=person_id, at=at)
    record(session, action="person.erased", actor=person_id, subject_id=person_id, at=at)


def export_account(session: Session, person_id: UUID) -> dict[str, Any]:
    """The account itself, its roles, its sign-ins and its traces in the audit."""
    person = session.get_one(Person, person_id)
    sign_ins = session.scalars(select(SignIn).where(SignIn.person_id == person_id))
    roles = session.scalars(select(Membership).where(Membership.person_id == person_id))
    acts = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == person_id))
    return {
        "name": person.name,
        "email": person.email,
        "created_at": person.created_at.isoformat(),
        "roles": [{"role": m.role, "granted_at": m.granted_at.isoformat()} for m in roles],
        "sign_ins": [{"started_at": s.started_at.isoformat(), "user_agent": s.user_agent} for s in sign_ins],
        "audit": [{"at": a.at.isoformat(), "action": a.action, "details": a.details} for a in acts],
    }


def erase_account(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Empty the account. The row stays without name and address, so that past results keep their sum."""
    for table in (SignIn, MailedLink, Membership):
        session.execute(delete(table).where(table.person_id == person_id))
    person = session.get_one(Person, person_id)
    person.name, person.email, person.password_hash = "", None, ""
    person.state, person.suspension_reason, person.erased_at = PersonState.ERASED, None, at
