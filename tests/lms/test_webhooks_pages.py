"""The pages of webhooks: a secret shown once, every try, and nothing of another organisation."""

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from lms import clock
from lms.audit.models import AuditEvent
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.webhooks.models import DeliveryState, EndpointState, WebhookEndpoint
from lms.webhooks.outbound import Outbound
from lms.webhooks.web.blueprint import BOX, OUTBOUND
from tests.lms.webhook_factories import (
    make_handlers,
    make_listener,
    make_organisation,
    tell_each,
    the_deliveries,
    the_endpoint,
    work_off,
)
from tests.lms.webhook_receiver import listening
from tests.people import make_person, sign_in


@pytest.fixture
def receiver():
    with listening() as receiver:
        yield receiver


@pytest.fixture
def manager(app, database, client, monkeypatch):
    monkeypatch.setitem(app.extensions, OUTBOUND, Outbound(allow_loopback=True))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, name="Mary Manager", roles=(Role.MANAGER,))
    sign_in(client, person)
    return person


@pytest.fixture
def endpoint(database, receiver):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_listener(session, receiver.url)


def make_in_browser(client, url, *types):
    return client.post(
        "/manage/webhooks/new", data={"url": url, "description": "Task platform", "event_types": list(types)}
    )


def sent_about_somebody(app, database, status=200, answer="thank you", receiver=None):
    receiver.decide = lambda _body: status
    receiver.answer = answer
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session).id
    tell_each(database, person, ["one"])
    work_off(app, make_handlers(app))
    return the_deliveries(database)[-1]


def test_a_manager_adds_a_webhook_and_sees_its_secret_once(client, database, app, manager, receiver):
    assert "person.invited" in client.get("/manage/webhooks/new").text

    answer = make_in_browser(client, receiver.url, "certificate.issued", "tier.opened")

    assert answer.status_code == 201
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", html.unescape(answer.text))
    assert "no-store" in answer.headers["Cache-Control"]
    with database.reading() as session:
        made = session.scalars(select(WebhookEndpoint)).one()
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == "webhook.made")).all()
    assert made.event_types == ["certificate.issued", "tier.opened"]
    assert app.extensions[BOX].open(made.sealed_secret, endpoint_id=made.id) == secret
    assert secret.encode() not in made.sealed_secret
    assert len(acts) == 1
    assert secret not in str(acts[0].details)
    for path in ("/manage/webhooks/", f"/manage/webhooks/{made.id}"):
        page = client.get(path)
        assert receiver.url in page.text
        assert "whsec_" not in page.text


@pytest.mark.parametrize(
    ("url", "types", "said"),
    [
        ("", ["tier.opened"], "Enter the address"),
        ("https://10.0.0.1/hooks", ["tier.opened"], "not public"),
        ("https://169.254.169.254/", ["tier.opened"], "not public"),
        ("gopher://example.org/", ["tier.opened"], "https://"),
        ("https://example.org/" + "a" * 2100, ["tier.opened"], "2000"),
        ("https://93.184.216.34/hooks", [], "at least one event"),
        ("https://93.184.216.34/hooks", ["no.such"], "not a valid choice"),
    ],
)
def test_what_does_not_fit_is_named_at_its_field_and_nothing_typed_is_lost(client, manager, url, types, said):
    answer = make_in_browser(client, url, *types)

    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert said in text
    assert f'value="{url}"' in text
    assert 'value="Task platform"' in text


def test_without_the_operators_setting_this_machine_is_refused(app, client, manager, receiver, monkeypatch):
    monkeypatch.setitem(app.extensions, OUTBOUND, Outbound())

    assert make_in_browser(client, receiver.url, "tier.opened").status_code == 422
    assert "not public" in make_in_browser(client, "https://localhost/hooks", "tier.opened").text


def test_every_try_is_shown_with_what_the_receiver_said_escaped(app, client, database, manager, receiver, endpoint):
    delivery = sent_about_somebody(app, database, 500, "<script>alert(1)</script>", receiver)

    page = client.get(f"/manage/webhooks/{endpoint.id}/deliveries/{delivery.id}")

    assert "status 500" in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert(1)" not in page.text
    assert str(delivery.event_id) in page.text
    assert "&#34;word&#34;: &#34;one&#34;" in page.text
    assert "failed, waits" in client.get(f"/manage/webhooks/{endpoint.id}").text
    assert "status 500" in client.get(f"/manage/webhooks/{endpoint.id}?state=waiting").text
    assert "status 500" not in client.get(f"/manage/webhooks/{endpoint.id}?state=delivered").text


def test_a_manager_sends_a_test_and_sees_its_delivery(app, client, manager, receiver, endpoint):
    answer = client.post(f"/manage/webhooks/{endpoint.id}/test")

    assert answer.status_code == 303
    assert "was not tried yet" in client.get(answer.location).text
    work_off(app, make_handlers(app))
    assert "status 200" in client.get(answer.location).text


def test_one_delivery_or_all_that_failed_are_sent_again(app, client, database, manager, receiver, endpoint):
    delivery = sent_about_somebody(app, database, 500, "no", receiver)
    receiver.decide = lambda _body: 200
    path = f"/manage/webhooks/{endpoint.id}"

    assert client.post(f"{path}/deliveries/{delivery.id}/again").status_code == 303
    work_off(app, make_handlers(app))
    assert the_deliveries(database)[-1].state is DeliveryState.DELIVERED

    later = (clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert "Nothing has failed" in client.post(f"{path}/again", data={"since": later}, follow_redirects=True).text
    sent_about_somebody(app, database, 500, "no", receiver)
    assert "1 delivery is sent again" in client.post(f"{path}/again", data={"since": later}, follow_redirects=True).text
    wrong = client.post(f"{path}/again", data={"since": "yesterday"})
    assert wrong.status_code == 422
    assert "Enter a date and a time" in wrong.text
    assert 'value="yesterday"' in wrong.text


def test_a_webhook_is_rotated_disabled_enabled_and_deleted(client, database, manager, receiver, endpoint):
    path = f"/manage/webhooks/{endpoint.id}"

    assert "whsec_" in client.post(f"{path}/rotate").text
    assert client.post(f"{path}/rotate").status_code == 409
    assert "Two secrets sign" in client.get(path).text
    client.post(f"{path}/disable")
    assert the_endpoint(database, endpoint.id).state is EndpointState.DISABLED
    assert client.post(f"{path}/test").status_code == 409
    assert "Nothing is sent here since" in client.get(path).text
    assert "Nothing is sent to" in client.get("/manage/webhooks/").text
    client.post(f"{path}/enable")
    assert the_endpoint(database, endpoint.id).state is EndpointState.ACTIVE
    client.post(f"{path}/delete")
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/enable").status_code == 404


def test_many_deliveries_are_read_page_by_page(app, client, database, manager, receiver, endpoint):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session).id
    tell_each(database, person, [str(number) for number in range(60)])
    work_off(app, make_handlers(app))

    first = client.get(f"/manage/webhooks/{endpoint.id}").text
    [further] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(html.unescape(further)).text

    rows = re.compile(rf"/manage/webhooks/{endpoint.id}/deliveries/([0-9a-f-]+)")
    assert len(rows.findall(first)) == 50
    assert len(set(rows.findall(first) + rows.findall(second))) == 60


def test_another_organisations_webhook_is_as_if_it_were_not_there(client, database, manager, receiver, endpoint):
    with database.transaction() as session:
        vendor = make_organisation(session)
    with database.transaction(vendor) as session:
        foreign = make_listener(session, "http://127.0.0.1:1/CANARY")

    assert "CANARY" not in client.get("/manage/webhooks/").text
    for given in (foreign.id, uuid4()):
        assert client.get(f"/manage/webhooks/{given}").status_code == 404
        for act in ("test", "rotate", "disable", "enable", "delete"):
            assert client.post(f"/manage/webhooks/{given}/{act}").status_code == 404


def test_an_auditor_reads_and_changes_nothing(client, database, receiver, endpoint):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        auditor = make_person(session, roles=(Role.AUDITOR,))
    sign_in(client, auditor)

    page = client.get(f"/manage/webhooks/{endpoint.id}")

    assert page.status_code == 200
    assert "Make a new secret" not in page.text
    assert client.post(f"/manage/webhooks/{endpoint.id}/rotate").status_code == 403
    assert client.post("/manage/webhooks/new").status_code == 403


def test_others_see_none_of_it(client, database, endpoint):
    assert client.get("/manage/webhooks/").status_code == 303
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
    sign_in(client, person)

    assert client.get("/manage/webhooks/").status_code == 403
