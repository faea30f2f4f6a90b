"""A holder shares a certificate and keeps a portfolio: by keyboard, without JavaScript, looked at with axe."""

import pytest
from playwright.sync_api import Page, expect

from lms.accounts.models import Person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import NAME, deliver_all
from tests.certificates.shown import certificate, holder, unsigned
from tests.pages import follow, look_at

pytestmark = pytest.mark.browser
__all__ = ["certificate", "holder", "unsigned"]  # fixtures


def tab_to(page: Page, name: str, role: str) -> None:
    """Reach a control by the Tab key alone. Raises AssertionError when it cannot be reached."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the Tab key never reaches {name}")


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait until that one is loaded."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_certificate_is_shared_and_taken_away_by_keyboard(browser, address, sit_down, holder, certificate, scripts):
    page = sit_down(holder, scripts=scripts)
    stranger = browser.new_context(base_url=address, java_script_enabled=scripts).new_page()

    page.goto(f"/certificates/{certificate.id}/")
    tab_to(page, "Share", "link")
    press(page, "Enter")
    tab_to(page, "Show my scores, in total and in each skill", "checkbox")
    page.keyboard.press("Space")
    tab_to(page, "Make the page", "button")
    press(page, "Enter")

    expect(page.get_by_text("Your certificate has its page.")).to_be_visible()
    stranger.goto(f"/share/{certificate.id}")
    expect(stranger.get_by_role("heading", name=NAME)).to_be_visible()
    expect(stranger.get_by_text("100 % overall; 70 % was needed to pass.")).to_be_visible()
    follow(stranger.get_by_role("link", name="Verify it yourself"))
    expect(stranger.get_by_text("Ada Lovelace").first).to_be_visible()

    tab_to(page, "Stop sharing", "button")
    press(page, "Enter")
    expect(page.get_by_text("The page is gone.")).to_be_visible()
    answer = stranger.goto(f"/share/{certificate.id}")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_portfolio_is_opened_after_a_mistake_that_costs_nothing(
    browser, address, sit_down, holder, certificate, scripts
):
    page = sit_down(holder, scripts=scripts)
    page.goto("/me/")
    follow(page.get_by_role("link", name="Your portfolio"))
    page.get_by_label("Address").fill("verify")
    page.get_by_label("Headline").fill("Weighs claims")
    page.get_by_role("checkbox", name="Show it").check()
    follow(page.get_by_role("button", name="Open the portfolio"))

    expect(page.get_by_text("This address could be taken for a page of ours.")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Weighs claims")
    expect(page.get_by_role("checkbox", name="Show it")).to_be_checked()
    page.get_by_label("Address").fill("ada")
    follow(page.get_by_role("button", name="Open the portfolio"))

    stranger = browser.new_context(base_url=address, java_script_enabled=scripts).new_page()
    stranger.goto("/people/ada")
    expect(stranger.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    expect(stranger.get_by_text("Weighs claims")).to_be_visible()
    follow(stranger.get_by_role("link", name=NAME))
    expect(stranger.get_by_text("it holds today")).to_be_visible()


def test_the_formats_are_downloads(app, sit_down, holder, unsigned):
    deliver_all(app)
    page = sit_down(holder)
    page.goto(f"/certificates/{unsigned.id}/")
    follow(page.get_by_role("link", name="More formats"))

    for form, ending in (("Badge as a picture (PNG)", "png"), ("Credential (JSON)", "json")):
        with page.expect_download() as download:
            page.locator("main li", has_text=form).get_by_role("link").click()
        assert download.value.suggested_filename == f"certificate-ferry-facts-{unsigned.id}.{ending}"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    assert download.value.suggested_filename.endswith(".zip")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, address, sit_down, database: Database, holder: Person, certificate, scheme):
    page = sit_down(holder, color_scheme=scheme, reduced_motion="reduce")
    found = []

    def look(path: str) -> None:
        page.goto(path)
        found.extend(look_at(page, path.replace(certificate.id, "…")))

    for path in ("/", "/share", "/formats", ".zip"):
        look(f"/certificates/{certificate.id}{path}")
    look("/me/")
    look("/me/portfolio")
    page.get_by_label("Address").fill("no such address")
    follow(page.get_by_role("button", name="Open the portfolio"))
    found += look_at(page, "a portfolio with errors")
    page.get_by_label("Address").fill("ada")
    for tick in ("Show it", "with scores"):
        page.get_by_role("checkbox", name=tick).check()
    follow(page.get_by_role("button", name="Open the portfolio"))
    found += look_at(page, "an open portfolio")
    for path in (f"/certificates/{certificate.id}/share", f"/share/{certificate.id}", "/people/ada"):
        look(path)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.get_one(Person, holder.id).name = "Ada King"
    look(f"/certificates/{certificate.id}/")
    assert found == []
