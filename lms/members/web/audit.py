"""The audit log: who did what to whom and when, by filters, and as a file to take along."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from lms import clock
from lms.accounts.people import search_members
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.audit.queries import Filters, each_event, list_actions, list_events
from lms.members.queries import name_people
from lms.members.web.blueprint import MANAGERS, members
from lms.web.csv_files import Cell, csv_answer
from lms.web.limits import limiter
from lms.web.list_pages import read_cursor, write_cursor
from lms.web.transactions import reading, transaction

ON_A_PAGE = 50
MOST_EXPORTED = 100_000
_HEADER = ("at", "actor", "actor_name", "action", "subject", "subject_name", "details")


@members.get("/manage/audit/")
@MANAGERS
def audit() -> ResponseReturnValue:
    """Events by actor, action, subject and dates, newest first; what cannot be read is named beside its field."""
    cursor = read_cursor(request.args.get("after"), 2)
    before = (datetime.fromisoformat(cursor[0]), UUID(cursor[1])) if cursor else None
    with reading() as session:
        filters, faults = _filters(session)
        found = [] if faults else list_events(session, filters=filters, before=before, limit=ON_A_PAGE + 1)
        names = _names(session, found)
        actions = list_actions(session)
    shown, last = found[:ON_A_PAGE], found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None
    asked: dict[str, Any] = {name: value for name, value in _typed().items() if value}
    page = render_template(
        "lms/members/audit.html",
        typed=_typed(),
        asked=asked,
        faults=faults,
        actions=actions,
        found=[_shown(event, names) for event in shown],
        is_first=before is None,
        most=MOST_EXPORTED,
        next_page=last and url_for(".audit", **asked, after=write_cursor(last.at.isoformat(), str(last.id))),
    )
    return page, 422 if faults else 200


@members.get("/manage/audit/export.<any(csv, jsonl):kind>")
@MANAGERS
@limiter.limit("30 per hour")
def export_audit(kind: str) -> ResponseReturnValue:
    """What the filters find, as CSV or as JSON lines; that it was taken along is recorded too."""
    with transaction() as session:
        filters, faults = _filters(session)
        if faults:
            return render_template("lms/members/audit_fault.html", faults=faults), 422
        lines = list(_lines(session, filters))
        record(session, action="audit.exported", actor=current_user.id, at=clock.now(), events=len(lines), kind=kind)
    if kind == "csv":
        rows: list[list[Cell]] = [
            [json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict) else str(cell or "") for cell in line]
            for line in lines
        ]
        return csv_answer("audit.csv", _HEADER, rows)
    body = "".join(json.dumps(dict(zip(_HEADER, line, strict=True)), ensure_ascii=False) + "\n" for line in lines)
    disposition = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return Response(body, mimetype="application/jsonl", headers=disposition)


def _typed() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:200] for name in ("actor", "action", "subject", "since", "until")}


def _filters(session: Session) -> tuple[Filters, dict[str, str]]:
    """What is asked for, and what of it cannot be read, by field."""
    typed, faults = _typed(), {}
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


def _lines(session: Session, filters: Filters) -> Iterator[tuple[object, ...]]:
    for events in each_event(session, filters=filters, most=MOST_EXPORTED):
        names = _names(session, events)
        for event in events:
            yield (
                event.at.isoformat(),
                event.actor,
                _name(names, event.actor),
                event.action,
                str(event.subject_id) if event.subject_id else "",
                names.get(event.subject_id, "") if event.subject_id else "",
                event.details,
            )


def _shown(event: AuditEvent, names: Mapping[UUID, str]) -> dict[str, object]:
    return {
        "at": event.at,
        "action": event.action,
        "actor": event.actor,
        "actor_name": _name(names, event.actor),
        "subject": event.subject_id,
        "subject_name": names.get(event.subject_id, "") if event.subject_id else "",
        "details": event.details,
    }


def _names(session: Session, events: Sequence[AuditEvent]) -> dict[UUID, str]:
    """Who these events are about and by, in one statement."""
    ids = {event.subject_id for event in events if event.subject_id}
    ids |= {found for event in events if (found := _id(event.actor))}
    return name_people(session, sorted(ids)) if ids else {}


def _name(names: Mapping[UUID, str], actor: str) -> str:
    found = _id(actor)
    return names.get(found, "") if found else ""


def _id(actor: str) -> UUID | None:
    try:
        return UUID(actor)
    except ValueError:
        return None
