"""The audit log as a file to take along: sent page by page while it is read, however long it is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms import clock
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.audit.queries import Filters, list_events
from lms.db.scope import organisation_of
from lms.db.session import Database
from lms.members.web.audit_filters import name_of, names_in, read_filters
from lms.members.web.blueprint import MANAGERS, members
from lms.web.csv_files import streamed_csv, streamed_file
from lms.web.limits import limiter
from lms.web.transactions import database, transaction

AT_ONCE = 1000
BEGUN, COMPLETED = "audit.exported", "audit.export_completed"
_HEADER = ("at", "actor", "actor_name", "action", "subject", "subject_name", "details")
_FIRST_ID = UUID(int=0)  # no event of an instant comes before it
Line = tuple[str, str, str, str, str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Export:
    """What is taken along, and by whom: the events of an organisation that were recorded before `at`."""

    organisation_id: UUID
    filters: Filters
    kind: str
    actor_id: UUID
    at: datetime


@members.get("/manage/audit/export.<any(csv, jsonl):kind>")
@MANAGERS
@limiter.limit("30 per hour")
def export_audit(kind: str) -> ResponseReturnValue:
    """What the filters find, as CSV or as JSON lines. That it is taken is recorded before the first byte leaves."""
    with transaction() as session:
        filters, faults = read_filters(session)
        if faults:
            return render_template("lms/members/audit_fault.html", faults=faults), 422
        export = Export(organisation_of(session), filters, kind, current_user.id, clock.now())
        asked = {name: str(value) for name, value in asdict(filters).items() if value}
        record(session, action=BEGUN, actor=export.actor_id, at=export.at, kind=kind, filters=asked)
    return _ANSWERS[kind](_lines(database(), export))


def _lines(database: Database, export: Export) -> Iterator[Line]:
    """The events, newest first, and one line more: that these are all. A file without it is cut off."""
    count, before = 0, (export.at, _FIRST_ID)
    while found := _read(database, export, before):
        lines, before = found
        count += len(lines)
        yield from lines
    yield _complete(database, export, count)


def _read(
    database: Database, export: Export, before: tuple[datetime, UUID]
) -> tuple[list[Line], tuple[datetime, UUID]] | None:
    """The next lines, and where they end. In a reading of its own: none stays open while a slow taker takes."""
    with database.reading(export.organisation_id) as session:
        events = list_events(session, filters=export.filters, before=before, limit=AT_ONCE)
        names = names_in(session, events)
    return ([_line(event, names) for event in events], (events[-1].at, events[-1].id)) if events else None


def _complete(database: Database, export: Export, count: int) -> Line:
    """Record that the file was read to its end, and return that as its last line."""
    with database.transaction(export.organisation_id) as session:
        event = record(
            session,
            action=COMPLETED,
            actor=export.actor_id,
            at=clock.now(),
            kind=export.kind,
            events=count,
            recorded_before=export.at.isoformat(),
        )
        return _line(event, names_in(session, [event]))


def _line(event: AuditEvent, names: Mapping[UUID, str]) -> Line:
    return (
        event.at.isoformat(),
        event.actor,
        name_of(names, event.actor),
        event.action,
        str(event.subject_id) if event.subject_id else "",
        names.get(event.subject_id, "") if event.subject_id else "",
        event.details,
    )


def _as_csv(lines: Iterator[Line]) -> Response:
    rows = ([*line[:-1], json.dumps(line[-1], ensure_ascii=False)] for line in lines)
    return streamed_csv("audit.csv", _HEADER, rows)


def _as_json_lines(lines: Iterator[Line]) -> Response:
    objects = (json.dumps(dict(zip(_HEADER, line, strict=True)), ensure_ascii=False) + "\n" for line in lines)
    return streamed_file("audit.jsonl", "application/jsonl", objects)


_ANSWERS = {"csv": _as_csv, "jsonl": _as_json_lines}
