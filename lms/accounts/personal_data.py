"""Personal data: each package says what it holds of a person, and erases it when the person leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, select, union
from sqlalchemy.orm import Session

from lms.accounts.models import MailedLink, Membership, Person, PersonState, SignIn
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.db.scope import enter_organisation
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation

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


def export_everywhere(app: Flask, session: Session, *, person_id: UUID) -> dict[str, Any]:
    """Everything that is held of a person in the public catalogue, by package, and in other organisations by name.

    The session must not have entered one yet.
    """
    wanted = organisations_with_traces(session, person_id=person_id)
    rows = session.execute(select(Organisation.id, Organisation.slug).where(Organisation.id.in_(wanted)))
    names = {row.id: row.slug for row in rows}
    found = {}
    for organisation_id in wanted:
        enter_organisation(session, organisation_id)
        found[organisation_id] = export_person(app, session, person_id=person_id)
    whole = found.pop(PUBLIC_ORGANISATION_ID)
    return {**whole, "organisations": {names[each]: data for each, data in found.items()}} if found else whole


def erase_person(app: Flask, session: Session, *, person_id: UUID, at: datetime) -> None:
    """Erase a person in every package, upper floors first, because they refer to what lies below."""
    for holder in reversed(app.extensions[_EXTENSION]):
        holder.erase(session, person_id=person_id, at=at)
    record(session, action="person.erased", actor=person_id, subject_id=person_id, at=at)


def erase_everywhere(app: Flask, session: Session, *, person_id: UUID, at: datetime) -> None:
    """Erase a person in every organisation of theirs. The session must not have entered one yet."""
    for organisation_id in organisations_with_traces(session, person_id=person_id):
        enter_organisation(session, organisation_id)
        erase_person(app, session, person_id=person_id, at=at)
        session.flush()


def organisations_with_traces(session: Session, *, person_id: UUID) -> list[UUID]:
    """Where a person is a member or was one: everybody who was has signed in there or was told of in its audit."""
    wanted = union(
        select(Membership.organisation_id).where(Membership.person_id == person_id),
        select(SignIn.organisation_id).where(SignIn.person_id == person_id),
        select(AuditEvent.organisation_id).where(AuditEvent.subject_id == person_id),
    )
    return sorted({PUBLIC_ORGANISATION_ID, *session.scalars(wanted)})


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
