"""A manager's way to an API key, in a browser; and the pages of the API are fit for a phone and a screen reader."""

import pytest
from playwright.sync_api import expect

from lms.organisations.roles import Role
from tests.api_keys import caller_with
from tests.pages import follow, look_at
from tests.people import make_person

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_manager_makes_a_key_tries_it_and_revokes_it(app, session, sit_down, scheme):
    manager = make_person(session, name="Mana Ger", roles=(Role.MANAGER,))
    session.commit()
    page = sit_down(manager, color_scheme=scheme, reduced_motion="reduce", viewport={"width": 390, "height": 844})
    page.goto("/manage/")
    follow(page.get_by_role("link", name="API keys"))
    found = look_at(page, "no keys")

    follow(page.get_by_role("link", name="Make a key"))
    page.get_by_label("What is it for?").fill("Our task platform")
    follow(page.get_by_role("button", name="Make the key"))
    expect(page.get_by_text("Tick at least one thing")).to_be_visible()
    expect(page.get_by_label("What is it for?")).to_have_value("Our task platform")
    found += look_at(page, "a key without scope")

    page.get_by_label("Read which tests there are").check()
    follow(page.get_by_role("button", name="Make the key"))
    secret = page.locator(".secret code").inner_text()
    found += look_at(page, "the key, shown once")
    caller = caller_with(app, secret)
    assert caller.get("/api/v1/tests").status_code == 200

    follow(page.get_by_role("link", name="API keys", exact=True).first)
    expect(page.get_by_text(secret)).to_have_count(0)
    found += look_at(page, "the list")
    follow(page.get_by_role("link", name="Our task platform"))
    found += look_at(page, "one key")
    follow(page.get_by_role("button", name="Revoke the key now"))
    expect(page.get_by_text("The key is revoked")).to_be_visible()
    assert caller.get("/api/v1/tests").status_code == 401
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_documentation_is_fit_for_a_phone_and_a_screen_reader(address, browser, scheme):
    context = browser.new_context(base_url=address, color_scheme=scheme, reduced_motion="reduce", locale="en-GB")
    page, found = context.new_page(), []
    for path in ["/api/v1/docs", "/api/v1/problems"]:
        page.goto(path)
        found += look_at(page, path)
    context.close()

    assert found == []
