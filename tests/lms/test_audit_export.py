"""The audit log as a file: all of it however long it is, sent while it is read, and no file looks whole that is not."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from lms import clock
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.audit.queries import list_events
from lms.members.web import audit_export
from tests.organisations import make_organisation
from tests.people import sign_in
from tests.statements import counted

MANY = 2300  # more than two readings, which end amid events of one instant
YESTERDAY = clock.now() - timedelta(days=1)


@pytest.fixture
def north(database, client):
    """An organisation in which much was done at seven instants; its manager is signed in."""
    made = make_organisation(database, name="North Star")
    events = [
        {
            "organisation_id": made.id,
            "at": YESTERDAY + timedelta(seconds=number % 7),
            "actor": str(made.manager_id),
            "action": "thing.done",
            "details": {"number": number},
        }
        for number in range(MANY)
    ]
    with database.transaction(made.id) as session:
        session.execute(insert(AuditEvent), events)
    sign_in(client, made.manager)
    assert client.post("/organisations/switch", data={"organisation": str(made.id)}).status_code == 303
    return made


def lines_of(kind, text):
    """The lines of a file as dictionaries."""
    if kind == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return [row | {"details": json.loads(row["details"])} for row in rows]


def recorded(database, north):
    """What the log says of exports, by action."""
    with database.reading(north.id) as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("audit."))).all()
    return {event.action: event.details for event in found}


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_every_entry_comes_once_newest_first_and_the_last_line_counts_them(database, client, north, kind):
    *lines, last = lines_of(kind, client.get(f"/manage/audit/export.{kind}?action=thing").text)

    assert sorted(line["details"]["number"] for line in lines) == list(range(MANY))
    assert [line["at"] for line in lines] == sorted((line["at"] for line in lines), reverse=True)
    assert (last["action"], last["details"]["events"]) == (audit_export.COMPLETED, MANY)
    assert recorded(database, north) == {
        audit_export.BEGUN: {"kind": kind, "filters": {"action": "thing"}},
        audit_export.COMPLETED: last["details"],
    }


def test_it_is_sent_while_it_is_read(database, client, north):
    with counted(database) as sent:
        answer = client.get("/manage/audit/export.jsonl?action=thing")
        pieces = answer.iter_encoded()
        first = next(pieces)
        readings = sum("FROM audit_event" in one for one in sent)
        rest = b"".join(pieces)

    assert readings == 1
    assert len(first) < 100_000
    assert len((first + rest).splitlines()) == MANY + 1


def test_what_is_done_while_it_is_sent_is_not_in_it(database, client, north):
    answer = client.get("/manage/audit/export.jsonl")
    pieces = answer.iter_encoded()
    first = next(pieces)
    with database.transaction(north.id) as session:
        record(session, action="thing.late", actor="assay", at=clock.now())
    lines = lines_of("jsonl", (first + b"".join(pieces)).decode())

    actions = [line["action"] for line in lines]
    assert actions.count("thing.done") == MANY
    assert "thing.late" not in actions
    assert audit_export.BEGUN not in actions
    assert lines[-1]["details"]["events"] == len(lines) - 1


def test_a_file_that_breaks_off_does_not_say_that_it_is_whole(database, client, north, monkeypatch):
    def list_once(session, **wanted):
        if wanted["before"][0] < clock.now() - timedelta(hours=1):
            raise RuntimeError("the database went away")
        return list_events(session, **wanted)

    monkeypatch.setattr(audit_export, "list_events", list_once)
    answer = client.get("/manage/audit/export.csv?action=thing")
    received = []
    with pytest.raises(RuntimeError):
        received.extend(answer.iter_encoded())

    assert received
    assert audit_export.COMPLETED.encode() not in b"".join(received)
    assert set(recorded(database, north)) == {audit_export.BEGUN}


def test_a_filter_that_cannot_be_read_is_told_and_nothing_is_taken(database, client, north):
    answer = client.get("/manage/audit/export.csv?since=yesterday")

    assert answer.status_code == 422
    assert recorded(database, north) == {}
