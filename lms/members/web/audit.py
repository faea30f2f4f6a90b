"""The audit log: who did what to whom and when, by filters."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.audit.models import AuditEvent
from lms.audit.queries import list_actions, list_events
from lms.members.web.audit_filters import name_of, names_in, read_filters, typed_filters
from lms.members.web.blueprint import MANAGERS, members
from lms.web.list_pages import read_cursor, write_cursor
from lms.web.transactions import reading

ON_A_PAGE = 50


@members.get("/manage/audit/")
@MANAGERS
def audit() -> ResponseReturnValue:
    """Events by actor, action, subject and dates, newest first; what cannot be read is named beside its field."""
    cursor = read_cursor(request.args.get("after"), 2)
    before = (datetime.fromisoformat(cursor[0]), UUID(cursor[1])) if cursor else None
    with reading() as session:
        filters, faults = read_filters(session)
        found = [] if faults else list_events(session, filters=filters, before=before, limit=ON_A_PAGE + 1)
        names = names_in(session, found)
        actions = list_actions(session)
    shown, last = found[:ON_A_PAGE], found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None
    asked: dict[str, Any] = {name: value for name, value in typed_filters().items() if value}
    page = render_template(
        "lms/members/audit.html",
        typed=typed_filters(),
        asked=asked,
        faults=faults,
        actions=actions,
        found=[_shown(event, names) for event in shown],
        is_first=before is None,
        next_page=last and url_for(".audit", **asked, after=write_cursor(last.at.isoformat(), str(last.id))),
    )
    return page, 422 if faults else 200


def _shown(event: AuditEvent, names: Mapping[UUID, str]) -> dict[str, object]:
    return {
        "at": event.at,
        "action": event.action,
        "actor": event.actor,
        "actor_name": name_of(names, event.actor),
        "subject": event.subject_id,
        "subject_name": names.get(event.subject_id, "") if event.subject_id else "",
        "details": event.details,
    }
