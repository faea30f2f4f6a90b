"""Changing a webhook: what waits goes to the new address, old failures do not count there, nobody is overwritten."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import select

from lms import clock
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.webhooks.changing import Terms, change_endpoint
from lms.webhooks.models import DeliveryState, EndpointState, WebhookEndpoint
from lms.webhooks.operations import delete_endpoint
from lms.webhooks.outbound import Outbound
from lms.webhooks.queries import get_endpoint
from lms.webhooks.web.blueprint import OUTBOUND
from tests.lms.webhook_factories import TYPES, tell_each, the_deliveries, the_endpoint, work_off
from tests.lms.webhook_fixtures import ada, endpoint, handlers, manager, receiver
from tests.lms.webhook_receiver import listening
from tests.people import make_person, sign_in

__all__ = ["ada", "endpoint", "handlers", "manager", "receiver"]  # fixtures


@pytest.fixture
def new_receiver():
    with listening() as receiver:
        yield receiver


@pytest.fixture
def managing(app, database, client, monkeypatch):
    """A browser in which a manager is signed in; this machine may be a receiver."""
    monkeypatch.setitem(app.extensions, OUTBOUND, Outbound(allow_loopback=True))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, name="Mary Manager", roles=(Role.MANAGER,))
    sign_in(client, person)
    return client


def seen_of(database, endpoint_id):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        shown = get_endpoint(session, endpoint_id)
    return Terms.of(shown.url, shown.description, shown.event_types).mark


def move(database, endpoint_id, url, manager):
    seen = seen_of(database, endpoint_id)
    terms = Terms.of(url, "", TYPES)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        change_endpoint(session, endpoint_id=endpoint_id, terms=terms, seen=seen, actor=manager, at=clock.now())


def acts(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == "webhook.changed")))


def page_of(endpoint):
    return f"/manage/webhooks/{endpoint.id}/change"


def send_form(client, endpoint, *types, **typed):
    """Open the page and send its form with other entries."""
    seen = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', client.get(page_of(endpoint)).text)[1]
    data = {"seen": seen, "description": "Task platform", "event_types": list(types), **typed}
    return client.post(page_of(endpoint), data=data)


def test_what_waits_goes_to_the_new_address_at_once_under_the_same_secret(
    app, database, receiver, new_receiver, ada, endpoint, handlers, manager
):
    receiver.decide = lambda _body: 500
    with time_machine.travel(clock.now(), tick=False) as time:
        tell_each(database, ada, ["one", "two"])
        for _each in range(4):
            work_off(app, handlers)
            time.shift(timedelta(hours=2))
        move(database, endpoint.id, new_receiver.url, manager)
        tried = len(receiver.requests)
        work_off(app, handlers)
        heard = [request.verified(endpoint.secret)["data"]["word"] for request in new_receiver.requests]

    assert heard == ["one", "two"]
    assert len(receiver.requests) == tried
    assert {each.state for each in the_deliveries(database)} == {DeliveryState.DELIVERED}


def test_a_new_address_begins_without_failures(app, database, receiver, ada, endpoint, handlers, manager):
    receiver.decide = lambda _body: 500
    tell_each(database, ada, ["one"])
    work_off(app, handlers)
    assert the_endpoint(database, endpoint.id).failures == 1

    move(database, endpoint.id, "http://127.0.0.1:9/elsewhere", manager)

    moved = the_endpoint(database, endpoint.id)
    assert (moved.failures, moved.failing_since, moved.rests_until) == (0, None, None)
    [waiting] = the_deliveries(database)
    assert (waiting.state, waiting.step, waiting.tries) == (DeliveryState.WAITING, 0, 1)


@pytest.mark.parametrize("status", [200, 410, 500])
def test_how_a_try_at_the_old_address_ends_says_nothing_about_the_new_one(
    app, database, receiver, new_receiver, ada, endpoint, handlers, manager, status
):
    def answer(_body):
        move(database, endpoint.id, new_receiver.url, manager)  # while the request is under way
        return status

    receiver.decide = answer
    with time_machine.travel(clock.now(), tick=False) as time:
        tell_each(database, ada, ["one"])
        work_off(app, handlers)
        moved = the_endpoint(database, endpoint.id)
        time.shift(timedelta(minutes=2))
        work_off(app, handlers)

    assert (moved.state, moved.failures, moved.leased_until) == (EndpointState.ACTIVE, 0, None)
    assert len(receiver.requests) == 1
    assert len(new_receiver.requests) == (0 if status == 200 else 1)
    assert [each.state for each in the_deliveries(database)] == [DeliveryState.DELIVERED]


def test_a_disabled_endpoint_stays_disabled_with_its_new_address(
    app, database, receiver, new_receiver, ada, endpoint, handlers, managing
):
    receiver.decide = lambda _body: 410
    tell_each(database, ada, ["one"])
    work_off(app, handlers)
    assert the_endpoint(database, endpoint.id).state is EndpointState.DISABLED

    assert send_form(managing, endpoint, *TYPES, url=new_receiver.url).status_code == 303
    work_off(app, handlers)
    assert new_receiver.requests == []
    assert the_endpoint(database, endpoint.id).state is EndpointState.DISABLED

    managing.post(f"/manage/webhooks/{endpoint.id}/enable")
    work_off(app, handlers)
    assert len(new_receiver.requests) == 1


def test_a_manager_changes_everything_but_the_secret_and_the_audit_log_tells_both_addresses(
    app, database, receiver, new_receiver, endpoint, managing
):
    before = the_endpoint(database, endpoint.id)
    page = managing.get(page_of(endpoint))
    assert f'value="{receiver.url}"' in page.text
    assert re.findall(r'value="([a-z.]+)" checked', page.text) == list(TYPES)

    answer = send_form(managing, endpoint, "tier.opened", "certificate.issued", url=new_receiver.url)

    assert answer.status_code == 303
    assert "What waits goes to the new address" in managing.get(answer.location).text
    after = the_endpoint(database, endpoint.id)
    assert (after.url, after.description) == (new_receiver.url, "Task platform")
    assert after.event_types == ["certificate.issued", "tier.opened"]
    assert after.sealed_secret == before.sealed_secret
    [act] = acts(database)
    assert act.subject_id == endpoint.id
    assert (act.details["url_before"], act.details["url"]) == (receiver.url, new_receiver.url)
    assert act.details["types"] == ["certificate.issued", "tier.opened"]


def test_saving_what_holds_already_is_no_act(database, receiver, endpoint, managing):
    answer = send_form(managing, endpoint, *TYPES, url=receiver.url, description="")

    assert answer.status_code == 303
    assert acts(database) == []


@pytest.mark.parametrize(
    ("url", "types", "said"),
    [
        ("", ["tier.opened"], "Enter the address"),
        ("https://10.0.0.1/hooks", ["tier.opened"], "not public"),
        ("http://93.184.216.34/hooks", ["tier.opened"], "https://"),
        ("https://93.184.216.34/hooks", [], "at least one event"),
        ("https://93.184.216.34/hooks", ["no.such"], "not a valid choice"),
    ],
)
def test_what_does_not_fit_is_named_at_its_field_and_nothing_typed_is_lost(
    app, database, receiver, endpoint, managing, monkeypatch, url, types, said
):
    monkeypatch.setitem(app.extensions, OUTBOUND, Outbound())

    answer = send_form(managing, endpoint, *types, url=url)

    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert said in text
    assert f'value="{url}"' in text
    assert 'value="Task platform"' in text
    assert the_endpoint(database, endpoint.id).url == receiver.url


def test_an_address_that_stays_is_not_looked_up_again(app, database, receiver, endpoint, managing, monkeypatch):
    monkeypatch.setitem(app.extensions, OUTBOUND, Outbound())  # which refuses this machine

    assert send_form(managing, endpoint, "tier.opened", url=receiver.url).status_code == 303
    assert the_endpoint(database, endpoint.id).event_types == ["tier.opened"]


def test_who_saves_second_sees_what_the_first_one_saved_and_loses_nothing(
    database, receiver, new_receiver, endpoint, managing, manager
):
    seen = seen_of(database, endpoint.id)
    move(database, endpoint.id, new_receiver.url, manager)
    typed = {"url": receiver.url, "description": "Task platform", "event_types": ["tier.opened"]}

    answer = managing.post(page_of(endpoint), data={**typed, "seen": seen})

    assert answer.status_code == 409
    assert "Somebody else changed this webhook" in answer.text
    assert new_receiver.url in answer.text
    assert f'value="{receiver.url}"' in answer.text
    assert the_endpoint(database, endpoint.id).url == new_receiver.url
    seen = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', answer.text)[1]
    assert managing.post(page_of(endpoint), data={**typed, "seen": seen}).status_code == 303
    assert the_endpoint(database, endpoint.id).url == receiver.url


def test_what_is_gone_or_has_no_events_is_not_changed(database, endpoint, manager):
    terms = Terms.of("http://127.0.0.1:9/", "", TYPES)
    facts = {"endpoint_id": endpoint.id, "seen": seen_of(database, endpoint.id), "actor": manager, "at": clock.now()}
    with database.transaction(PUBLIC_ORGANISATION_ID) as session, pytest.raises(Invalid):
        change_endpoint(session, terms=Terms.of("http://127.0.0.1:9/", "", []), **facts)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session, pytest.raises(Conflict):
        change_endpoint(session, terms=terms, **{**facts, "seen": ""})
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        delete_endpoint(session, endpoint_id=endpoint.id, actor=manager, at=clock.now())
    with database.transaction(PUBLIC_ORGANISATION_ID) as session, pytest.raises(NotFound):
        change_endpoint(session, terms=terms, **facts)


def test_who_may_only_read_changes_nothing(client, database, receiver, endpoint):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        auditor = make_person(session, roles=(Role.AUDITOR,))
    sign_in(client, auditor)

    assert "Change it" not in client.get(f"/manage/webhooks/{endpoint.id}").text
    assert client.post(page_of(endpoint), data={"url": "https://93.184.216.34/"}).status_code == 403
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(WebhookEndpoint.url)).all() == [receiver.url]


def test_of_managers_who_save_at_once_one_wins_and_the_others_are_told(database, endpoint, manager):
    seen = seen_of(database, endpoint.id)
    start, won = Barrier(4), []

    def save(number):
        start.wait()
        terms = Terms.of(f"http://127.0.0.1:9/{number}", "", TYPES)
        facts = {"endpoint_id": endpoint.id, "terms": terms, "seen": seen, "actor": manager, "at": clock.now()}
        with suppress(Conflict), database.transaction(PUBLIC_ORGANISATION_ID) as session:
            change_endpoint(session, **facts)
            won.append(terms.url)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(save, range(4)))

    assert [the_endpoint(database, endpoint.id).url] == won
    assert len(acts(database)) == 1
