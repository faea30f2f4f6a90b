"""Time in a real browser: a manager grants more of it while the clock runs, a break, a clock that is hidden."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select, update

from assessments.models.attempts import Attempt
from assessments.models.outages import Heartbeat
from lms import clock
from lms.db.engine import make_engine
from tests.browser.newcomer import COURSE, PASSWORD, Site, sign_in, sign_up, start_test
from tests.browser.server import Server
from tests.pages import becomes, follow, look_at

pytestmark = pytest.mark.browser
CLOCK = "[data-countdown] [data-time-left]"
SLACK = 300  # seconds that a test may take beside others; what it tells apart differs by more


@pytest.fixture
def manager(browser: Browser, site: Site) -> Iterator[Page]:
    """A manager in a browser of their own."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    page = context.new_page()
    email = f"{uuid4().hex[:12]}@example.org"
    site.command(
        "person", "create", "--role", "manager", "--name", "Max Manager", "--email", email, "--password", PASSWORD
    )
    sign_in(page, email)
    yield page
    context.close()


def seconds_shown(page: Page) -> int:
    parts = [int(part) for part in (page.locator(CLOCK).text_content() or "").split(":")]
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))


def look_again(page: Page) -> None:
    """As when somebody comes back to the window: it asks the server for the time."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def grant(manager: Page, email: str, **typed: str) -> None:
    """Find somebody by address, state the accommodation, look at what changes, and grant it."""
    manager.goto("/manage/")
    follow(manager.get_by_role("link", name="People and their time"))
    manager.get_by_label("Name or e-mail address").fill(email)
    follow(manager.get_by_role("button", name="Find"))
    follow(manager.locator("ul.rows a"))
    for label, value in typed.items():
        manager.get_by_label(re.compile(label)).fill(value)
    follow(manager.get_by_role("button", name="Look at what changes"))
    expect(manager.get_by_role("heading", level=1)).to_have_text("Grant this accommodation?")
    follow(manager.get_by_role("button", name="Grant it"))
    expect(manager.get_by_role("status").first).to_contain_text("The accommodation is granted")


@pytest.mark.journey
def test_a_manager_grants_time_and_the_open_clock_follows(scripted: Page, manager: Page):
    page = scripted
    email = sign_up(page, "Nora Sitter")
    start_test(page)
    before = seconds_shown(page)

    grant(manager, email, Time="150", Breaks="10")
    look_again(page)

    expect(page.locator("[data-time-spoken]")).to_contain_text("Your time has changed.")
    assert abs(seconds_shown(page) - before * 1.5) < SLACK
    page.reload()
    expect(page.get_by_role("link", name="Take a break")).to_be_visible()
    page.goto(f"/tests/{COURSE}/")
    expect(page.locator("main")).to_contain_text("1.5 times the time; breaks of 10 minutes in all")


@pytest.mark.journey
def test_a_break_with_and_without_a_script(context: BrowserContext, manager: Page):
    page = context.new_page()
    email = sign_up(page, "Nora Sitter")
    attempt_id = start_test(page)
    grant(manager, email, Breaks="10")
    page.reload()
    follow(page.get_by_role("link", name="Take a break"))
    expect(page.locator("main")).to_contain_text("You have 10 minutes of breaks left")

    follow(page.get_by_role("button", name="Begin the break"))

    expect(page.get_by_role("heading", level=1)).to_have_text("You are on a break")
    expect(page.locator("section.item")).to_have_count(0)
    page.goto(f"/attempts/{attempt_id}/?page=2")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on a break")
    follow(page.get_by_role("button", name="Go on with the test"))
    expect(page.locator("section.item").first).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("The clock runs again.")


def test_an_answer_is_saved_before_the_break_begins(scripted: Page, manager: Page):
    page = scripted
    email = sign_up(page, "Nora Sitter")
    start_test(page)
    grant(manager, email, Breaks="10")
    page.reload()
    box = page.locator("section.item input[type=radio], section.item input[type=checkbox]").first
    box.check()
    name, value = box.get_attribute("name"), box.get_attribute("value")

    follow(page.get_by_role("link", name="Take a break"))
    follow(page.get_by_role("button", name="Begin the break"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on a break")
    assert look_at(page, "break") == []
    follow(page.get_by_role("button", name="Go on with the test"))

    expect(page.locator(f'[name="{name}"][value="{value}"]')).to_be_checked()


def test_a_hidden_clock_stays_hidden_speaks_at_the_marks_and_asks_the_server_at_zero(scripted: Page):
    page = scripted
    sign_up(page)
    page.clock.install()
    start_test(page)
    left = seconds_shown(page)
    page.get_by_role("button", name="Hide time").click()
    expect(page.locator(CLOCK)).to_be_hidden()
    page.reload()
    expect(page.locator(CLOCK)).to_be_hidden()
    page.get_by_role("button", name="Show time").click()
    expect(page.locator(CLOCK)).to_be_visible()
    page.get_by_role("button", name="Hide time").click()

    with page.expect_response(re.compile(r"/clock$")) as asked:
        page.clock.run_for((left - 599) * 1000)  # this browser's clock says that ten minutes are left

    # The server's clock says otherwise, and it counts.
    assert abs(asked.value.json()["seconds_left"] - left) < SLACK
    expect(page.locator("[data-time-spoken]")).to_contain_text(re.compile(r"Your time has changed|10 minutes left"))
    expect(page.locator(CLOCK)).to_be_hidden()

    page.get_by_role("button", name="Show time").click()

    def shows_what_is_left() -> bool:  # the first answer came while an hour ran off in a moment
        look_again(page)
        return abs(seconds_shown(page) - left) < SLACK

    becomes(shows_what_is_left, True)
    assert "/attempts/" in page.url


@pytest.mark.journey
def test_when_we_were_away_the_open_page_gets_the_time_back_and_says_so(scripted: Page, server: Server):
    page = scripted
    sign_up(page, "Nora Sitter")
    attempt_id = UUID(start_test(page))
    before = seconds_shown(page)
    server.kill()
    engine = make_engine(server.site.environment["DATABASE_URL"])
    with engine.begin() as connection:  # as if the attempt were older, and the last sign of life five minutes ago
        times = select(Attempt.started_at, Attempt.deadline_at).where(Attempt.id == attempt_id)
        started_at, deadline_at = (instant - timedelta(minutes=6) for instant in connection.execute(times).one())
        older = {"started_at": started_at, "deadline_at": deadline_at}
        connection.execute(update(Attempt).where(Attempt.id == attempt_id).values(older))
        connection.execute(update(Heartbeat).values(beat_at=clock.now() - timedelta(minutes=5)))
    engine.dispose()

    server.start()
    look_again(page)

    expect(page.locator("[data-time-spoken]")).to_contain_text("Your time has changed.")
    page.reload()
    expect(page.locator("[data-credit]")).to_contain_text("We were away while you sat this test.")
    assert before - 300 < seconds_shown(page) < before - 30  # six minutes older, five of them given back


def test_the_managers_pages_are_accessible(manager: Page, scripted: Page):
    email = sign_up(scripted, "Nora Sitter")
    grant(manager, email, Time="200")
    person = manager.url
    for address in ("/manage/", "/manage/people/?q=nora", "/manage/outages", "/manage/late-answers", person):
        manager.goto(address)
        assert look_at(manager, address) == []
    follow(manager.get_by_role("button", name="End it …"))
    assert look_at(manager, "end") == []
