"""Webhooks under failures: at least once, in order for each subject, and no endpoint at the cost of others."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
import time_machine
from sqlalchemy import select

from lms import clock, faults
from lms.mail.operations import TOPIC as MAIL
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import deliver_due
from lms.outbox.models import OutboxMessage
from lms.outbox.operations import LEASE
from lms.webhooks.models import DeliveryState, EndpointState, WebhookEvent
from lms.webhooks.operations import enable_endpoint
from lms.webhooks.redelivery import deliver_failed_again
from tests.lms.webhook_factories import (
    tell,
    tell_each,
    the_deliveries,
    the_endpoint,
    words_of,
    work_off,
)
from tests.lms.webhook_fixtures import ada, endpoint, handlers, manager, receiver
from tests.people import make_person

__all__ = ["ada", "endpoint", "handlers", "manager", "receiver"]  # fixtures
DOWN = 503


def test_events_of_one_subject_are_numbered_in_the_order_of_their_commits(app, database, ada):
    def one(word):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            tell(session, ada, str(word))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(24)))

    with database.reading() as session:
        assert session.scalars(select(WebhookEvent.number).order_by(WebhookEvent.number)).all() == list(range(1, 25))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_fails_each_subject_hears_in_order_and_nothing_is_lost(
    app, database, receiver, endpoint, handlers, seed
):
    chance = Random(seed)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        people = [make_person(session, name=f"Person {number}").id for number in range(3)]
    told = {person: [f"{number}" for number in range(4)] for person in people}
    receiver.decide = lambda _body: chance.choice([200, 500, 429, 302])
    with time_machine.travel(clock.now(), tick=False) as time:
        turns = [(person, word) for person, words in told.items() for word in words]
        chance.shuffle(turns)
        turns.sort(key=lambda turn: turn[1])
        for person, word in turns:
            tell_each(database, person, [word])
        for _each in range(20):
            work_off(app, handlers)
            time.shift(timedelta(minutes=20))
        receiver.decide = lambda _body: 200
        for _each in range(24):
            time.shift(timedelta(hours=1))
            work_off(app, handlers)

    assert {person: words_of(receiver.taken, person) for person in people} == told
    for person in people:
        numbers = [int(each.body.split('"word":"')[1][0]) for each in receiver.requests if str(person) in each.body]
        assert numbers == sorted(numbers), "a later event was tried while an earlier one waited"
    assert {each.state for each in the_deliveries(database)} == {DeliveryState.DELIVERED}
    assert len({each.id for each in receiver.requests}) == 12


def test_one_subject_that_fails_holds_up_no_other(app, database, receiver, ada, endpoint, handlers):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        bob = make_person(session, name="Bob").id
    receiver.decide = lambda body: 500 if str(ada) in body else 200
    with time_machine.travel(clock.now(), tick=False) as time:
        tell_each(database, ada, ["a1", "a2"])
        tell_each(database, bob, ["b1", "b2"])
        for _each in range(5):
            work_off(app, handlers)
            time.shift(timedelta(minutes=1))

    assert words_of(receiver.taken, bob) == ["b1", "b2"]
    assert words_of(receiver.requests, ada) == ["a1"]


def test_a_receiver_that_is_down_for_an_hour_hears_of_everything_in_order(
    app, database, receiver, ada, endpoint, handlers
):
    receiver.decide = lambda _body: DOWN
    with time_machine.travel(clock.now(), tick=False) as time:
        for minute in range(0, 60, 5):
            tell_each(database, ada, [f"minute {minute}"])
            work_off(app, handlers)
            time.shift(timedelta(minutes=5))
        assert receiver.taken == []
        receiver.decide = lambda _body: 200
        for _each in range(12):
            work_off(app, handlers)
            time.shift(timedelta(minutes=15))

    assert words_of(receiver.taken, ada) == [f"minute {minute}" for minute in range(0, 60, 5)]
    assert the_endpoint(database, endpoint.id).failures == 0


def test_a_receiver_that_stays_away_is_given_up_disabled_and_its_managers_are_told(
    app, database, receiver, ada, endpoint, handlers
):
    receiver.decide = lambda _body: DOWN
    with time_machine.travel(clock.now(), tick=False) as time:
        tell_each(database, ada, ["one", "two"])
        for _each in range(80):
            work_off(app, handlers)
            time.shift(timedelta(hours=1))

        first, second = the_deliveries(database)
        assert first.state is DeliveryState.GIVEN_UP
        assert first.tries >= 10
        assert second.state is DeliveryState.WAITING
        shown = the_endpoint(database, endpoint.id)
        assert shown.state is EndpointState.DISABLED
        assert "in a row" in shown.disabled_reason
        with database.reading() as session:
            mails = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == MAIL)).all()
        assert len(mails) == 1

        tell_each(database, ada, ["three"])
        work_off(app, handlers)
        before = len(receiver.requests)
        receiver.decide = lambda _body: 200
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            enable_endpoint(session, endpoint_id=endpoint.id, actor=ada, at=clock.now())
        work_off(app, handlers)

        assert words_of(receiver.requests[before:], ada) == ["two", "three"]
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            since = clock.now() - timedelta(days=30)
            assert deliver_failed_again(session, endpoint_id=endpoint.id, since=since, actor=ada, at=clock.now()) == 1
        work_off(app, handlers)

    assert [each.state for each in the_deliveries(database)] == [DeliveryState.DELIVERED] * 3
    assert len({each.id for each in receiver.requests}) == 3


def test_a_receiver_that_says_farewell_is_disabled_at_once(app, database, receiver, ada, endpoint, handlers):
    receiver.decide = lambda _body: 410
    tell_each(database, ada, ["one", "two"])
    work_off(app, handlers)

    assert len(receiver.requests) == 1
    assert the_endpoint(database, endpoint.id).state is EndpointState.DISABLED


def test_an_endpoint_that_fails_again_and_again_is_left_alone_for_longer_and_longer(
    app, database, receiver, endpoint, handlers
):
    receiver.decide = lambda _body: DOWN
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for number in range(30):
            tell(session, make_person(session, name=f"Person {number}").id, "one")
    with time_machine.travel(clock.now(), tick=False) as time:
        for _each in range(60):
            work_off(app, handlers)
            time.shift(timedelta(minutes=1))

    assert len(receiver.requests) < 16, "30 people, an hour, and yet a request only now and then"


def test_an_answer_that_is_lost_brings_the_event_again_with_the_same_id_and_bytes(
    app, database, receiver, ada, endpoint, handlers
):
    answers = iter([500, 200])
    receiver.decide = lambda _body: next(answers)
    with time_machine.travel(clock.now(), tick=False) as time:
        tell_each(database, ada, ["one"])
        work_off(app, handlers)
        time.shift(timedelta(minutes=1))
        work_off(app, handlers)

    first, second = receiver.requests
    assert (first.id, first.body) == (second.id, second.body)


class Crash(BaseException):
    """Ends the worker as SIGKILL would: no handler of errors sees it."""


@contextmanager
def points(monkeypatch, *, crash_at=None):
    met = []

    def come(name):
        met.append(name)
        if len(met) - 1 == crash_at:
            raise Crash(name)

    with monkeypatch.context() as patch:
        patch.setattr(faults, "point", come)
        yield met


def steps_of_two_events(app, database, handlers, monkeypatch, ada, crash_at=None):
    tell_each(database, ada, ["one", "two"])
    with points(monkeypatch, crash_at=crash_at) as met:
        try:
            for _each in range(4):
                deliver_due(database, handlers)
        except Crash:
            pass
    return met


def test_a_worker_that_dies_at_any_step_loses_nothing_and_keeps_the_order(
    app, database, receiver, endpoint, handlers, monkeypatch
):
    def somebody():
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return make_person(session).id

    with time_machine.travel(clock.now(), tick=False) as time:
        met = steps_of_two_events(app, database, handlers, monkeypatch, somebody())
        assert {"webhook.told", "webhook.fanned_out", "webhook.taken", "webhook.sent", "webhook.noted"} <= set(met)
        people = []
        for step in range(len(met)):
            people.append(somebody())
            steps_of_two_events(app, database, handlers, monkeypatch, people[-1], crash_at=step)
            for _each in range(4):
                time.shift(LEASE + timedelta(seconds=1))
                work_off(app, handlers)

    for step, person in enumerate(people):
        assert words_of(receiver.requests, person) == ["one", "two"], f"died at {step}: {met[step]}"
    assert {each.state for each in the_deliveries(database)} == {DeliveryState.DELIVERED}
    assert len({each.id for each in receiver.requests}) == 2 * (len(people) + 1)


def test_several_workers_at_once_send_one_thing_at_a_time_to_an_endpoint(app, database, receiver, endpoint, handlers):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        people = [make_person(session, name=f"Person {number}").id for number in range(4)]
    for person in people:
        tell_each(database, person, ["one", "two", "three"])

    def work(_number):
        for _each in range(12):
            deliver_due(database, handlers)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        work_off(app, handlers)

    assert receiver.most_at_once == 1
    assert len(receiver.requests) == 12
    assert {person: words_of(receiver.requests, person) for person in people} == {
        person: ["one", "two", "three"] for person in people
    }
