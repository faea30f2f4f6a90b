"""Webhooks: signed, with nothing before its commit, made, rotated, disabled and sent again by managers."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms import clock
from lms.accounts.models import Membership
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.outbox.models import OutboxMessage
from lms.webhooks.models import DeliveryState, WebhookEvent, WebhookTry
from lms.webhooks.operations import delete_endpoint, disable_endpoint, rotate_secret
from lms.webhooks.publishing import publish
from lms.webhooks.redelivery import deliver_again, send_test
from lms.webhooks.secrets import SecretBox
from tests.lms import webhook_factories
from tests.lms.webhook_factories import (
    BOX,
    make_handlers,
    make_listener,
    tell,
    tell_each,
    the_deliveries,
    words_of,
    work_off,
)
from tests.lms.webhook_fixtures import ada, endpoint, handlers, manager, receiver

__all__ = ["ada", "endpoint", "handlers", "manager", "receiver"]  # fixtures
DOWN = 503


def test_an_event_arrives_signed_with_its_id_and_the_library_finds_it_good(
    app, database, receiver, ada, endpoint, handlers
):
    tell_each(database, ada, ["one"])
    work_off(app, handlers)

    [request] = receiver.requests
    payload = request.verified(endpoint.secret)
    assert payload["type"] == "attempt.submitted"
    assert payload["data"] == {"subject": str(ada), "word": "one"}
    assert payload["timestamp"].endswith("Z")
    assert request.path == "/hooks"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    with database.reading() as session:
        assert request.id == str(session.scalars(select(WebhookEvent.id)).one())
        assert session.scalars(select(WebhookTry)).one().answer == "thank you"


def test_nothing_is_told_of_what_was_rolled_back(app, database, receiver, ada, endpoint, handlers):
    with pytest.raises(ZeroDivisionError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tell(session, ada, "never")
        _ = 1 / 0
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tell(session, ada, "first")
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            tell(session, ada, "undone")
            with session.begin_nested():
                tell(session, ada, "undone with it")
            _ = 1 / 0
        with session.begin_nested():
            tell(session, ada, "second")

    work_off(app, handlers)

    assert words_of(receiver.requests, ada) == ["first", "second"]


def test_a_flush_that_fails_within_a_savepoint_undoes_no_more_than_the_savepoint(
    app, database, receiver, ada, endpoint, handlers
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tell(session, ada, "before")
        with pytest.raises(IntegrityError), session.begin_nested():
            tell(session, ada, "undone")
            own = organisation_of(session)
            session.add(Membership(person_id=ada, organisation_id=own, role=Role.AUTHOR, granted_at=None))
        tell(session, ada, "after")

    work_off(app, handlers)

    assert words_of(receiver.requests, ada) == ["before", "after"]


def test_an_event_is_sent_although_the_message_for_a_later_one_was_undone(
    app, database, receiver, ada, endpoint, handlers
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tell(session, ada, "kept")
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            record(session, action="something.else", actor=ada, at=clock.now())
            tell(session, ada, "undone")
            _ = 1 / 0
    work_off(app, handlers)

    assert words_of(receiver.requests, ada) == ["kept"]


def test_nothing_is_told_before_the_commit(app, database, receiver, ada, endpoint, handlers):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tell(session, ada, "one")
        session.flush()
        with database.reading() as other:
            assert other.scalar(select(func.count()).select_from(WebhookEvent)) == 0
            assert other.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_an_event_with_an_id_that_is_taken_is_told_once(app, database, receiver, ada, endpoint, handlers):
    for _each in range(2):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            data = {"subject": str(ada), "word": "one"}
            publish(
                session,
                type="attempt.submitted",
                subject_id=ada,
                data=data,
                at=clock.now(),
                event_id=endpoint.id,  # any id will do
            )
    work_off(app, handlers)

    assert len(receiver.requests) == 1


def test_both_secrets_sign_for_a_day_after_a_rotation(app, database, receiver, ada, endpoint, handlers, manager):
    with time_machine.travel(clock.now(), tick=False) as time:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            new = rotate_secret(session, endpoint_id=endpoint.id, box=BOX, actor=manager, at=clock.now())
        tell_each(database, ada, ["one"])
        work_off(app, handlers)
        assert receiver.requests[-1].verified(endpoint.secret)
        assert receiver.requests[-1].verified(new)

        time.shift(timedelta(hours=24))
        tell_each(database, ada, ["two"])
        work_off(app, handlers)
        assert receiver.requests[-1].verified(new)
        assert len(receiver.requests[-1].headers["webhook-signature"].split(" ")) == 1


def test_a_disabled_endpoint_is_sent_nothing_and_a_deleted_one_never_again(
    app, database, receiver, ada, endpoint, handlers, manager
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        disable_endpoint(session, endpoint_id=endpoint.id, actor=manager, at=clock.now())
    tell_each(database, ada, ["one"])
    work_off(app, handlers)
    assert receiver.requests == []

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        delete_endpoint(session, endpoint_id=endpoint.id, actor=manager, at=clock.now())
    tell_each(database, ada, ["two"])
    work_off(app, handlers)

    assert receiver.requests == []
    assert [each.state for each in the_deliveries(database)] == [DeliveryState.WITHDRAWN]


def test_a_test_is_sent_to_its_endpoint_alone(app, database, receiver, endpoint, handlers, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_listener(session, receiver.url.replace("hooks", "other"))
        send_test(session, endpoint_id=endpoint.id, actor=manager, at=clock.now())
    work_off(app, handlers)

    [request] = receiver.requests
    assert request.path == "/hooks"
    assert request.verified(endpoint.secret)["type"] == "webhook.test"


def test_a_delivery_is_sent_again_on_request_with_the_same_id(
    app, database, receiver, ada, endpoint, handlers, manager
):
    tell_each(database, ada, ["one"])
    work_off(app, handlers)
    [delivery] = the_deliveries(database)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        deliver_again(session, endpoint_id=endpoint.id, delivery_id=delivery.id, actor=manager, at=clock.now())
    work_off(app, handlers)

    assert len(receiver.requests) == 2
    assert len({each.id for each in receiver.requests}) == 1


def test_only_types_that_were_chosen_are_sent(app, database, receiver, ada, handlers):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_listener(session, receiver.url, types=["certificate.issued"])
        tell(session, ada, "no")
        tell(session, ada, "yes", type="certificate.issued")
    work_off(app, handlers)

    assert words_of(receiver.requests, ada) == ["yes"]


def test_a_secret_that_was_sealed_under_another_one_is_told_as_the_fault_of_the_try(
    app, database, receiver, ada, endpoint, handlers, monkeypatch
):
    monkeypatch.setattr(webhook_factories, "BOX", SecretBox("another secret"))
    tell_each(database, ada, ["one"])
    work_off(app, make_handlers(app))

    assert receiver.requests == []
    with database.reading() as session:
        assert "SIGNING_SECRET" in session.scalars(select(WebhookTry.fault)).first()


def test_what_is_sent_is_plain_json_without_white_space(app, database, receiver, ada, endpoint, handlers):
    tell_each(database, ada, ["Zoë"])
    work_off(app, handlers)

    [request] = receiver.requests
    assert request.body == json.dumps(json.loads(request.body), separators=(",", ":"), ensure_ascii=False)
    assert "Zoë" in request.body
