"""A manager adds a webhook, sends a test, and sees what came of it; axe and a phone find nothing wrong with it."""

import pytest
from playwright.sync_api import expect

from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.webhooks.outbound import Outbound
from lms.webhooks.web.blueprint import BOX, OUTBOUND
from tests.lms import webhook_factories
from tests.lms.webhook_factories import make_handlers, work_off
from tests.lms.webhook_receiver import listening
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = pytest.mark.browser


@pytest.fixture
def receiver(app, monkeypatch):
    monkeypatch.setitem(app.extensions, OUTBOUND, Outbound(allow_loopback=True))
    monkeypatch.setattr(webhook_factories, "BOX", app.extensions[BOX])
    with listening() as receiver:
        yield receiver


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_manager_adds_a_webhook_and_sees_what_came_of_a_test(app, database, sit_down, receiver, scheme):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        manager = make_person(session, name="Grace", roles=(Role.CANDIDATE, Role.MANAGER))
    page = sit_down(manager, color_scheme=scheme, reduced_motion="reduce")
    found = []

    page.goto("/manage/")
    follow(page.get_by_role("link", name="Webhooks", exact=True))
    found += look_at(page, "an empty list")
    follow(page.get_by_role("link", name="Add a webhook"))
    page.get_by_label("Address of the receiver").fill("https://10.0.0.1/hooks")
    follow(page.get_by_role("button", name="Add the webhook"))
    expect(page.get_by_text("leads into a network that is not public")).to_be_visible()
    found += look_at(page, "a refused address")
    page.get_by_label("Address of the receiver").fill(receiver.url)
    page.get_by_label("tier.opened").check()
    follow(page.get_by_role("button", name="Add the webhook"))
    expect(page.get_by_text("whsec_")).to_be_visible()
    secret = page.locator(".webhook-secret").inner_text()
    found += look_at(page, "the secret")

    follow(page.get_by_role("link", name="I have copied it"))
    follow(page.get_by_role("button", name="Send a test"))
    receiver.answer = "<b>thank you</b>"
    work_off(app, make_handlers(app))
    follow(page.get_by_role("link", name="Webhook", exact=True))
    found += look_at(page, "a webhook")
    follow(page.get_by_role("link", name="webhook.test"))
    expect(page.get_by_text("<b>thank you</b>")).to_be_visible()
    found += look_at(page, "a delivery")
    [request] = receiver.requests
    assert request.verified(secret)["type"] == "webhook.test"

    page.goto("/manage/webhooks/")
    found += look_at(page, "a list")
    follow(page.get_by_role("link", name=receiver.url))
    follow(page.get_by_role("link", name="Change it"))
    found += look_at(page, "a webhook as it can be changed")
    page.get_by_label("What it is for").fill("Task platform")
    page.get_by_label("Address of the receiver").fill("https://10.0.0.1/hooks")
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("leads into a network that is not public")).to_be_visible()
    found += look_at(page, "a change that was refused")
    page.get_by_label("Address of the receiver").fill(f"{receiver.url}/new")
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{receiver.url}/new")
    expect(page.get_by_text("Task platform")).to_be_visible()
    follow(page.get_by_role("button", name="Disable it"))
    expect(page.get_by_text("Nothing is sent here since")).to_be_visible()
    found += look_at(page, "a disabled webhook")
    assert not found, "\n".join(found)
