"""Who hears what: members, by consent, and nobody for longer than that."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms import clock
from lms.accounts.models import Membership
from lms.accounts.personal_data import erase_person
from lms.errors import Conflict
from lms.events import announce
from lms.members.consents import give, withdraw
from lms.members.events import MembershipEnded, PersonInvited
from lms.members.models import ConsentScope
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.webhooks.keeping import forget_the_past
from lms.webhooks.models import DeliveryState, EndpointState, WebhookEvent
from lms.webhooks.personal_data import export_webhooks
from lms.webhooks.redelivery import deliver_again
from tests.lms.webhook_factories import (
    join,
    make_listener,
    make_organisation,
    tell,
    tell_each,
    the_deliveries,
    the_endpoint,
    work_off,
)
from tests.lms.webhook_fixtures import ada, endpoint, handlers, manager, receiver

__all__ = ["ada", "endpoint", "handlers", "manager", "receiver"]  # fixtures
DOWN = 503


def test_an_organisation_hears_of_the_public_catalogue_by_consent_and_of_itself(app, database, receiver, ada, handlers):
    with database.transaction() as session:
        vendor, other = make_organisation(session), make_organisation(session)
        for each in (vendor, other):
            join(session, each, ada)
    for each in (vendor, other):
        with database.transaction(each) as session:
            make_listener(session, f"{receiver.url}?{each}")
    with database.transaction(vendor) as session:
        give(session, person_id=ada, scopes=[ConsentScope.PROFILE, ConsentScope.CERTIFICATES], at=clock.now())
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        tell(session, ada, "public result")
        tell(session, ada, "public certificate", type="certificate.issued")
    with database.transaction(other) as session:
        tell(session, ada, "own result", type="result.released")
    work_off(app, handlers)

    heard = [(each.path.partition("?")[2], each.body.split('"word":"')[1].split('"')[0]) for each in receiver.requests]
    assert sorted(heard) == sorted([(str(vendor), "public certificate"), (str(other), "own result")])


def test_of_somebody_who_left_or_took_the_consent_back_nothing_more_is_sent(app, database, receiver, ada, handlers):
    with database.transaction() as session:
        vendor = make_organisation(session)
        join(session, vendor, ada)
    with database.transaction(vendor) as session:
        made = make_listener(session, receiver.url)
        give(session, person_id=ada, scopes=list(ConsentScope), at=clock.now())
    receiver.decide = lambda _body: DOWN
    with time_machine.travel(clock.now(), tick=False) as time:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            tell(session, ada, "result")
        with database.transaction(vendor) as session:
            tell(session, ada, "own")
        work_off(app, handlers)
        receiver.requests.clear()
        with database.transaction(vendor) as session:
            withdraw(session, person_id=ada, scope=ConsentScope.RESULTS, at=clock.now())
        assert [each.state for each in the_deliveries(database)] == [DeliveryState.WITHDRAWN, DeliveryState.WAITING]
        with database.transaction(vendor) as session:
            for row in session.scalars(select(Membership).where(Membership.person_id == ada)):
                session.delete(row)
            announce(session, MembershipEnded(ada, clock.now()))
            tell(session, ada, "after")
        receiver.decide = lambda _body: 200
        for _each in range(5):
            time.shift(timedelta(hours=1))
            work_off(app, handlers)

    assert receiver.requests == []
    assert the_endpoint(database, made.id).state is EndpointState.ACTIVE


def test_an_invitation_is_told_without_saying_whether_the_address_has_an_account(
    app, database, receiver, ada, handlers
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        made = make_listener(session, receiver.url, types=["person.invited"])
        for person_id in (ada, None):
            fact = PersonInvited(ada, "ada@example.org", person_id, Role.CANDIDATE, {"cohort": "Spring"}, clock.now())
            announce(session, fact)
    work_off(app, handlers)

    known, unknown = (each.verified(made.secret) for each in receiver.requests)
    assert known["data"] == unknown["data"]
    assert known["data"]["subject"] is None


def test_what_is_over_is_forgotten_after_ninety_days_and_what_waits_is_not(
    app, database, receiver, ada, endpoint, handlers
):
    receiver.decide = lambda body: DOWN if "two" in body else 200
    tell_each(database, ada, ["one", "two"])
    work_off(app, handlers)

    forget_the_past(database, at=clock.now() + timedelta(days=89))
    assert len(the_deliveries(database)) == 2
    forget_the_past(database, at=clock.now() + timedelta(days=91))

    [kept] = the_deliveries(database)
    assert "two" in kept.payload
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebhookEvent)) == 1


def test_who_leaves_for_good_is_in_no_event_any_more(app, database, receiver, ada, endpoint, handlers, manager):
    tell_each(database, ada, ["CANARY one"])
    work_off(app, handlers)
    tell_each(database, ada, ["CANARY two"])
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert [each["data"]["word"] for each in export_webhooks(session, ada)] == ["CANARY one", "CANARY two"]
        erase_person(app, session, person_id=ada, at=clock.now())
    work_off(app, handlers)

    with database.reading() as session:
        assert "CANARY" not in str(session.scalars(select(WebhookEvent.data)).all())
    [delivery] = the_deliveries(database)
    assert delivery.payload == ""
    assert len(receiver.requests) == 1
    with pytest.raises(Conflict), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        deliver_again(session, endpoint_id=endpoint.id, delivery_id=delivery.id, actor=manager, at=clock.now())
