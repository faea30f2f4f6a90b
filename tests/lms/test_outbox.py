"""The outbox: effects leave after the commit, at least once, and are tried again."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms import clock
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import Handlers, deliver, deliver_due, deliver_until
from lms.outbox.models import OutboxMessage
from lms.outbox.operations import LEASE, lease, list_due, post


@pytest.fixture
def handled():
    return []


@pytest.fixture
def handlers(handled):
    made = Handlers()
    made.handle("greeting", lambda delivery: handled.append(delivery.payload))
    return made


def put(database: Database, topic="greeting", **kw):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        post(session, topic=topic, payload={"to": "Ada"}, at=clock.now(), **kw)


def only_message(database: Database) -> OutboxMessage:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_a_message_is_delivered_once_and_its_payload_is_not_kept(database, handlers, handled):
    put(database)

    assert deliver_due(database, handlers) == 1
    assert deliver_due(database, handlers) == 0
    assert handled == [{"to": "Ada"}]
    assert only_message(database).payload == {}


def test_nothing_leaves_when_the_transaction_is_rolled_back(database, handlers, handled):
    with pytest.raises(ZeroDivisionError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        post(session, topic="greeting", payload={}, at=clock.now())
        _ = 1 / 0

    assert deliver_due(database, handlers) == 0


def test_a_failed_delivery_stays_and_is_tried_again_later_and_later(database, handled):
    handlers = Handlers()
    handlers.handle("greeting", lambda delivery: handled.append(1 / 0))
    with time_machine.travel(clock.now(), tick=False) as time:
        put(database)
        assert deliver_due(database, handlers) == 0
        first = only_message(database)
        assert first.tries == 1
        assert "division" in first.last_error
        assert first.due_at == clock.now() + timedelta(seconds=2)
        time.shift(timedelta(seconds=2))
        assert deliver_due(database, handlers) == 0
        assert only_message(database).due_at == clock.now() + timedelta(seconds=4)


def test_a_topic_without_a_handler_is_not_lost(database):
    put(database, topic="nobody")

    assert deliver_due(database, Handlers()) == 0
    assert only_message(database).delivered_at is None


def test_one_of_two_workers_gets_the_lease_and_a_dead_workers_message_comes_back(database, handlers, handled):
    with time_machine.travel(clock.now(), tick=False) as time:
        put(database)
        message_id = only_message(database).id
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            assert lease(session, message_id=message_id, at=clock.now()) is not None
        assert deliver(database, handlers, message_id) is False
        time.shift(LEASE)
        assert deliver_due(database, handlers) == 1
    assert handled == [{"to": "Ada"}]


def test_a_message_waits_for_its_hour(database, handlers):
    with time_machine.travel(clock.now(), tick=False) as time:
        put(database, due_at=clock.now() + timedelta(hours=1))
        assert deliver_due(database, handlers) == 0
        time.shift(timedelta(hours=1))
        assert deliver_due(database, handlers) == 1


def test_the_worker_waits_for_a_database_that_is_away(database, handlers, handled, monkeypatch):
    put(database)
    failing = iter([OperationalError("SELECT 1", {}, Exception("gone"))])

    def due(*args, **kw):
        if (error := next(failing, None)) is not None:
            raise error
        return list_due(*args, **kw)

    monkeypatch.setattr("lms.outbox.operations.list_due", due)
    deliver_until(lambda: bool(handled), database, handlers, pause_seconds=0)

    assert handled == [{"to": "Ada"}]


def test_a_topic_has_one_handler(handlers):
    with pytest.raises(ValueError, match="already has a handler"):
        handlers.handle("greeting", lambda delivery: None)


def test_effects_wake_the_deliverer_and_reads_do_not(database, handlers):
    woken = []
    database.after_commit.append(lambda: woken.append(1))
    try:
        put(database)
        with database.transaction(PUBLIC_ORGANISATION_ID):
            pass
    finally:
        database.after_commit.clear()
    assert woken == [1]
