"""What people do who set an organisation up from nothing: found it, brand it, invite, write items, a test, a tier."""

import email
import email.policy
import re
import time
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.newcomer import PASSWORD, Site
from tests.pages import PATIENCE, follow

STATEMENTS = {
    "A ferry that leaves at noon leaves before one in the afternoon.": True,
    "Two timetables that disagree can both be right about the same day.": False,
    "Whoever quotes a harbour master has to name the source of the words.": True,
}


def somebody(browser: Browser, site: Site) -> tuple[Page, list[str]]:
    """A page of a browser of somebody's own, and the faults of its scripts."""
    page = browser.new_context(base_url=site.url, locale="en-GB").new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    return page, faults


def address_of(name: str) -> str:
    return f"{name}-{uuid4().hex[:10]}@example.org"


def link_for(site: Site, address: str) -> str:
    """The link of the invitation that was mailed to this address; mails are files here."""
    folder, end = Path(site.environment["DATA_DIR"]) / "mail", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for path in folder.glob("*.eml"):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found = re.search(r"https?://\S+/invitations/\S+", str(mail.get_content()))
            if found and address in str(mail["To"]):
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no invitation for {address}")


def accept(page: Page, link: str, name: str, address: str, *scopes: str) -> None:
    """Follow the link of an invitation, open an account on the way, and join."""
    page.goto(link)
    follow(page.get_by_role("link", name="Open an account"))
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("main").get_by_role("button", name="Sign up"))
    for scope in scopes:
        page.get_by_label(scope).check()
    follow(page.get_by_role("button", name="Join North Star"))
    expect(page.get_by_text("Welcome to North Star.")).to_be_visible()


def to_managing(page: Page, card: str) -> None:
    """By the header to the managing page, and on by one of its cards."""
    follow(page.get_by_role("banner").get_by_role("link", name="Managing", exact=True))
    follow(page.get_by_role("main").get_by_role("link", name=card, exact=True))


def control(page: Page, name: str) -> Locator:
    return page.locator(f'#item-form [name="{name}"]')


def write_item(page: Page, statement: str, *, is_true: bool) -> None:
    """A statement to judge, from the list of items to the review."""
    follow(page.get_by_role("link", name="Write a new item"))
    follow(page.get_by_role("link", name="True or false", exact=True))
    control(page, "content.statement").fill(statement)
    control(page, "particulars.bank").fill("ferry-facts")
    control(page, "particulars.skill").fill("judging")
    page.locator(f'#key-item label:has(input[value="{str(is_true).lower()}"])').click()
    control(page, "reasons.rationale").fill("Think of the clock in the harbour.")
    for name, text in {"author": "A. Pilot", "title": "Ferries", "year": "1999"}.items():
        control(page, f"reasons.sources.0.{name}").fill(text)
    follow(page.get_by_role("button", name="Save the draft").last)
    control(page, "reasons.temptations.0").fill("It is said so often.")
    follow(page.get_by_role("button", name="Save and submit for review"))
    expect(page.get_by_text("Submitted. A second person decides now.")).to_be_visible()


def write_test(page: Page) -> None:
    """The terms of a test of two of these statements, submitted for approval."""
    page.get_by_label("Name in addresses").fill("ferry-facts")
    follow(page.get_by_role("button", name="Write it"))
    follow(page.get_by_role("button", name="Add a skill"))
    follow(page.get_by_role("button", name="Add a section"))
    fields = {
        "title": "Ferry facts",
        "summary": "Two statements about ferries.",
        "skills-0-id": "judging",
        "skills-0-title": "Judging statements",
        "skills-0-summary": "Tells what holds from what does not.",
        "sections-0-title": "Statements",
        "sections-0-skill": "judging",
        "sections-0-count": "2",
        "minutes": "10",
        "cut_score": "100",
        "tries": "3",
        "window_days": "30",
        "cool_down_hours": "0",
        "basis": "Tried by two colleagues.",
        "cut_method": "Given",
        "cut_panel": "Grace and Max.",
    }
    for name, text in fields.items():
        page.locator(f'.blueprint [name="{name}"]').fill(text)
    page.locator('.blueprint [name="sections-0-type"]').select_option("true-false")
    follow(page.get_by_role("button", name="Save and submit for approval"))
    expect(page.get_by_text("Submitted. A second person decides now.")).to_be_visible()


def make_tier(page: Page) -> None:
    """A tier that asks for the certificate of the test, tried out and put in force."""
    follow(page.get_by_role("link", name="Make a tier"))
    page.get_by_label("Name", exact=True).fill("Ferry desk")
    page.get_by_label("Short name").fill("ferry-desk")
    page.get_by_label("Field of work").fill("General review")
    page.get_by_label("What the work is").fill("Checks what is said about ferries.")
    page.get_by_label("Pay from").fill("40")
    page.get_by_label("Pay up to").fill("50")
    page.get_by_label("Currency").fill("EUR")
    follow(page.get_by_role("button", name="Make the tier"))
    follow(page.locator('button[value="add-achievement:"]'))
    page.get_by_label("Certificate", exact=True).select_option("own/ferry-facts")
    follow(page.get_by_role("button", name="Try it out"))
    page.get_by_label("Reason").fill("The first version.")
    follow(page.get_by_role("button", name="Put this version in force"))
    expect(page.get_by_text("Version 1 is in force.")).to_be_visible()


def sit_test(page: Page) -> None:
    """Answer every statement rightly, and hand in."""
    follow(page.get_by_role("button", name="Start the test"))
    while "/review" not in page.url:
        for item in page.locator("[data-item]").all():
            said = item.locator(".claim-text").inner_text().strip()
            item.locator(f'label:has(input[value="{str(STATEMENTS[said]).lower()}"])').click()
        expect(page.locator("[data-save-state]")).not_to_have_attribute("data-save-state", "saving")
        follow(page.get_by_role("button", name="Save and continue"))
    follow(page.get_by_role("button", name="Hand in and see the result"))
    expect(page.get_by_text("You passed").first).to_be_visible()
