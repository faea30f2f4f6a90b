"""The commands about outages, and what accompanies the pages while they are served."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from assessments.models.outages import Heartbeat, Outage, OutageState
from assessments.operations.starting import start_attempt
from assessments.queries.attempts import get_attempt
from lms import clock
from lms.audit.models import AuditEvent
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.serving import Companion, add_companion, start_companions
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person
from wsgi import cli


@pytest.fixture
def assay(app, monkeypatch):
    monkeypatch.setattr("wsgi.create_app", lambda: app)

    def run(*arguments: str):
        return CliRunner().invoke(cli, arguments)

    return run


@pytest.fixture
def sitting(database):
    """The id of an attempt that began half an hour ago less a minute, and whose it is."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())
        person = make_person(session)
        started_at = clock.now() - timedelta(minutes=29)
        return start_attempt(session, test_slug=BANK, person_id=person.id, at=started_at), person.id


def deadline_of(database, sitting):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return get_attempt(session, attempt_id=sitting[0], person_id=sitting[1]).deadline_at


def test_an_operator_credits_an_outage_and_lists_it(assay, database, sitting):
    before = deadline_of(database, sitting)
    began = clock.now() - timedelta(minutes=10)
    times = ("--from", began.isoformat(), "--to", (began + timedelta(minutes=4)).isoformat())

    done = assay("outage", "credit", *times, "--reason", "The disk was full.")

    assert done.exit_code == 0, done.output
    assert "given its time: 1." in done.output
    assert deadline_of(database, sitting) == before + timedelta(minutes=4)
    assert "The disk was full." in assay("outage", "list").output
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "outage.credited")).one()
        assert event.details == {"attempts": 1}
    again = assay("outage", "credit", *times, "--reason", "Once more.")
    assert again.exit_code != 0
    assert "overlaps" in str(again.exception)


def test_a_time_that_is_none_is_refused_by_name(assay):
    done = assay("outage", "credit", "--from", "yesterday", "--to", "2026-11-21", "--reason", "x")

    assert done.exit_code == 2
    assert "'yesterday' is no date and time" in done.output


def test_an_outage_that_waits_is_settled_by_command(assay, database, sitting):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        began = clock.now() - timedelta(hours=3)
        outage = Outage(
            began_at=began,
            ended_at=clock.now(),
            found_by="heartbeat",
            reason="Silence.",
            state=OutageState.WAITING,
        )
        session.add(outage)
    before = deadline_of(database, sitting)

    assert "given its time: 1." in assay("outage", "settle", str(outage.id), "--give").output
    assert deadline_of(database, sitting) - before <= timedelta(hours=3)
    assert deadline_of(database, sitting) > before


def test_serving_begins_with_a_beat_that_gives_time_back(app, database, sitting, monkeypatch):
    before = deadline_of(database, sitting)
    with database.transaction() as session:
        session.add(Heartbeat(id=1, beat_at=clock.now() - timedelta(minutes=5)))
    monkeypatch.setattr("lms.web.serving.threading.Thread.start", lambda thread: None)

    start_companions(app)

    assert timedelta(0) <= deadline_of(database, sitting) - before - timedelta(minutes=5) < timedelta(seconds=5)


def test_what_accompanies_the_pages_and_fails_does_not_stop_them(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "assay.companions", [])
    monkeypatch.setattr("lms.web.serving.threading.Thread.start", lambda thread: None)

    def fail():
        raise OSError("the disk is gone")

    add_companion(app, Companion("fails", 1.0, fail))
    start_companions(app)
