"""What the pages of the audit log and its files share: the filters as they were typed, and the names of people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lms.accounts.people import search_members
from lms.audit.models import AuditEvent
from lms.audit.queries import Filters
from lms.members.queries import name_people


def typed_filters() -> dict[str, str]:
    """What the address asks for, by field."""
    return {name: request.args.get(name, "").strip()[:200] for name in ("actor", "action", "subject", "since", "until")}


def read_filters(session: Session) -> tuple[Filters, dict[str, str]]:
    """What is asked for, and what of it cannot be read, by field."""
    typed, faults = typed_filters(), {}
    days: dict[str, datetime | None] = {}
    for name in ("since", "until"):
        try:
            day = date.fromisoformat(typed[name]) if typed[name] else None
            days[name] = datetime.combine(day, time.min, UTC) if day else None
        except ValueError:
            faults[name] = _("Give a date as in 2026-11-21.")
    people = {name: _person_or_id(session, typed[name]) for name in ("actor", "subject")}
    for name, found in people.items():
        if typed[name] and found is None and not (name == "actor" and "@" not in typed[name]):
            faults[name] = _("Give the address of a member, or an id.")
    if faults:
        return Filters(), faults
    until = days["until"]
    return Filters(
        actor=str(people["actor"] or typed["actor"]),
        action=typed["action"],
        subject_id=people["subject"],
        since=days["since"],
        until=until + timedelta(days=1) if until else None,
    ), {}


def _person_or_id(session: Session, text: str) -> UUID | None:
    """An id as it is; of an address, the id of the member that it belongs to."""
    try:
        return UUID(text)
    except ValueError:
        pass
    found = search_members(session, text=text, most=2) if "@" in text else []
    return found[0].id if len(found) == 1 else None


def names_in(session: Session, events: Sequence[AuditEvent]) -> dict[UUID, str]:
    """Who these events are about and by, in one statement."""
    ids = {event.subject_id for event in events if event.subject_id}
    ids |= {found for event in events if (found := _id(event.actor))}
    return name_people(session, sorted(ids)) if ids else {}


def name_of(names: Mapping[UUID, str], actor: str) -> str:
    """The name of whoever acted; none of a command."""
    found = _id(actor)
    return names.get(found, "") if found else ""


def _id(actor: str) -> UUID | None:
    try:
        return UUID(actor)
    except ValueError:
        return None
