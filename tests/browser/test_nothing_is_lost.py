"""What was answered is never lost: offline, killed, in two windows, asleep past the deadline, on a server that dies."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import select, update

from assessments.models.attempts import Attempt, LateResponse, Response
from lms import clock
from lms.db.engine import make_engine
from tests.browser.newcomer import sign_in, sign_up, start_test
from tests.browser.server import Server
from tests.pages import becomes, follow

pytestmark = [pytest.mark.browser, pytest.mark.journey]

FIRST, SECOND = 4, 5  # positions of the first page at which a rubric is to be scored, one level a criterion
Device = Callable[[], BrowserContext]
KEPT = """() => new Promise((resolve) => {
  indexedDB.open("assay").onsuccess = ({ target }) => {
    target.result.transaction("unsaved").objectStore("unsaved").count().onsuccess = (counted) => {
      target.result.close();
      resolve(counted.target.result);
    };
  };
})"""


@pytest.fixture
def device(browser: Browser, server: Server) -> Iterator[Device]:
    """A browser of its own, with its own cookies and storage; a fault of a script fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make() -> BrowserContext:
        context = browser.new_context(base_url=server.site.url, locale="en-GB")
        context.on("weberror", lambda error: faults.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not faults


class Database:
    """What the server has, seen and moved from outside."""

    def __init__(self, server: Server) -> None:
        self.engine = make_engine(server.site.environment["DATABASE_URL"])

    def stored(self, attempt_id: str, position: int = FIRST) -> list[int] | None:
        found = select(Response.response).where(Response.attempt_id == UUID(attempt_id), Response.position == position)
        with self.engine.connect() as connection:
            response = connection.execute(found).scalar_one_or_none()
        return response and list(response["levels"].values())

    def late(self, attempt_id: str) -> list[tuple[int, list[int]]]:
        found = select(LateResponse.position, LateResponse.response).where(LateResponse.attempt_id == UUID(attempt_id))
        with self.engine.connect() as connection:
            return [(position, list(response["levels"].values())) for position, response in connection.execute(found)]

    def end_time_of(self, attempt_id: str) -> None:
        """The deadline was a second ago."""
        with self.engine.begin() as connection:
            one = Attempt.id == UUID(attempt_id)
            started, deadline = connection.execute(select(Attempt.started_at, Attempt.deadline_at).where(one)).one()
            left = deadline - (clock.now() - timedelta(seconds=1))
            moved = {"started_at": started - left, "deadline_at": deadline - left}
            connection.execute(update(Attempt).where(one).values(**moved))


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    database = Database(server)
    yield database
    database.engine.dispose()


@pytest.fixture
def email(laptop: Page) -> str:
    """By which whoever sits at the laptop signs in elsewhere."""
    return laptop.evaluate("sessionStorage.getItem('email')")


@pytest.fixture
def laptop(device: Device) -> Page:
    """Somebody at the first page of an attempt."""
    page = device().new_page()
    email = sign_up(page)
    page.evaluate("email => sessionStorage.setItem('email', email)", email)
    start_test(page)
    return page


def attempt_of(page: Page) -> str:
    return page.url.split("/attempts/")[1].split("/")[0]


def option(page: Page, level: int, position: int = FIRST) -> Locator:
    return page.locator(f"#r{position} input[type=radio][value='{level}']").first


def choose(page: Page, level: int, position: int = FIRST) -> int:
    """Give a level of the first criterion, and say which."""
    option(page, level, position).check()
    return level


def says(page: Page, state: str) -> None:
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", state)


def lies_on_the_device(page: Page, count: int) -> None:
    """So many answers would outlive the window now."""
    becomes(lambda: page.evaluate(KEPT), count)


def writes_elsewhere(page: Page) -> None:
    expect(page.get_by_text("Another window or device writes this attempt.")).to_be_visible()


def test_offline_answers_lie_on_the_device_and_are_sent_when_the_line_is_back(laptop: Page, database: Database):
    attempt_id = attempt_of(laptop)
    laptop.context.set_offline(True)
    chosen = [choose(laptop, 2), choose(laptop, 1, SECOND)]
    says(laptop, "offline")
    expect(laptop.locator("[data-save-state]")).to_have_text("Offline: kept on this device, not saved yet")
    assert database.stored(attempt_id) is None

    laptop.context.set_offline(False)
    says(laptop, "saved")

    assert [database.stored(attempt_id, position) for position in (FIRST, SECOND)] == [[value] for value in chosen]


def test_a_window_that_was_killed_offline_shows_and_sends_its_newest_answer_when_opened_again(
    laptop: Page, database: Database
):
    attempt_id, address, context = attempt_of(laptop), laptop.url, laptop.context
    choose(laptop, 1)
    says(laptop, "saved")
    context.set_offline(True)
    newest = [choose(laptop, 3), choose(laptop, 2, SECOND)]
    says(laptop, "offline")
    lies_on_the_device(laptop, 2)
    laptop.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)

    expect(option(again, 3)).to_be_checked()
    expect(option(again, 2, SECOND)).to_be_checked()
    says(again, "saved")
    expect(again.get_by_text("This answer lay on this device and is saved now.").first).to_be_visible()
    expect(again.locator("[data-answered]")).to_have_text("2")
    assert [database.stored(attempt_id, position) for position in (FIRST, SECOND)] == [[value] for value in newest]
    choose(again, 1, SECOND)
    says(again, "saved")  # the pen is this browser's still: nobody had to ask for it


def test_a_window_that_was_killed_before_it_heard_that_its_answer_arrived_says_so_when_opened_again(
    laptop: Page, database: Database
):
    attempt_id, address, context = attempt_of(laptop), laptop.url, laptop.context
    laptop.route("**/responses/*", gets_through_and_the_word_of_it_is_lost)
    newest = choose(laptop, 3)
    says(laptop, "retrying")
    lies_on_the_device(laptop, 1)
    laptop.close(run_before_unload=False)
    assert database.stored(attempt_id) == [newest]

    again = context.new_page()
    again.goto(address)

    says(again, "saved")
    expect(again.get_by_text("This answer lay on this device and is saved now.").first).to_be_visible()
    lies_on_the_device(again, 0)


def test_an_answer_of_another_page_is_sent_from_whichever_page_is_opened(laptop: Page, database: Database):
    attempt_id, address, context = attempt_of(laptop), laptop.url, laptop.context
    context.set_offline(True)
    newest = choose(laptop, 2)
    says(laptop, "offline")
    lies_on_the_device(laptop, 1)
    laptop.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{address.partition('?')[0]}?page=2")
    expect(again.get_by_role("link", name=f"Question {FIRST} answered")).to_be_visible()

    assert database.stored(attempt_id) == [newest]


def has_the_pen(page: Page) -> None:
    expect(page.locator("form[data-attempt] [name=tab]")).not_to_have_value("")


def never_asks_for_the_pen(route: Route) -> None:
    route.abort()


def gets_through_and_the_word_of_it_is_lost(route: Route) -> None:
    route.fetch()
    route.abort()


@pytest.mark.parametrize("ask", [None, never_asks_for_the_pen, gets_through_and_the_word_of_it_is_lost])
def test_before_handing_in_the_page_sends_what_a_killed_window_left(
    device: Device, database: Database, ask: Callable[[Route], None] | None
):
    context = device()
    laptop = context.new_page()
    sign_up(laptop)
    if ask:
        context.route("**/pen", ask)
    start_test(laptop)
    if not ask:
        has_the_pen(laptop)
    attempt_id = attempt_of(laptop)
    context.set_offline(True)
    newest = choose(laptop, 2)
    says(laptop, "offline")
    lies_on_the_device(laptop, 1)
    laptop.close(run_before_unload=False)
    context.set_offline(False)
    context.unroute("**/pen")

    again = context.new_page()
    again.goto(f"/attempts/{attempt_id}/review")
    expect(again.locator(".attempt-progress")).to_contain_text("1 of")

    assert database.stored(attempt_id) == [newest]


def test_a_second_window_only_reads_until_it_takes_over_and_then_the_first_one_does(laptop: Page, database: Database):
    attempt_id = attempt_of(laptop)
    choose(laptop, 1)
    says(laptop, "saved")
    second = laptop.context.new_page()
    second.goto(laptop.url)
    writes_elsewhere(second)
    says(second, "reading")
    option(second, 2).click(force=True)
    expect(option(second, 1)).to_be_checked()

    follow(second.get_by_role("button", name="Write here"))
    newest = choose(second, 2)
    says(second, "saved")

    writes_elsewhere(laptop)
    says(laptop, "reading")
    assert database.stored(attempt_id) == [newest]


def test_a_second_device_takes_over_and_the_answer_that_the_first_had_not_sent_stays_there(
    laptop: Page, email: str, device: Device, database: Database
):
    attempt_id = attempt_of(laptop)
    choose(laptop, 1)
    says(laptop, "saved")
    laptop.context.set_offline(True)
    unsent = choose(laptop, 2)
    says(laptop, "offline")

    phone = device().new_page()
    sign_in(phone, email)
    phone.goto(laptop.url)
    writes_elsewhere(phone)
    follow(phone.get_by_role("button", name="Write here"))
    expect(option(phone, 1)).to_be_checked()
    acknowledged = choose(phone, 3)
    says(phone, "saved")

    laptop.context.set_offline(False)
    writes_elsewhere(laptop)
    expect(laptop.get_by_text("What you typed here last is not saved.")).to_be_visible()
    expect(option(laptop, 2)).to_be_checked()
    assert database.stored(attempt_id) == [acknowledged]

    follow(laptop.get_by_role("button", name="Write here"))
    expect(option(laptop, 3)).to_be_checked()
    laptop.get_by_role("button", name="Use what was typed here").click()
    expect(option(laptop, 2)).to_be_checked()
    says(laptop, "saved")
    assert database.stored(attempt_id) == [unsent]


def test_a_machine_that_slept_past_the_deadline_hands_over_its_answer_as_late(laptop: Page, database: Database):
    attempt_id = attempt_of(laptop)
    in_time = choose(laptop, 1)
    says(laptop, "saved")
    laptop.context.set_offline(True)
    late = choose(laptop, 2)
    says(laptop, "offline")
    laptop.wait_for_timeout(1500)  # given a second and more before the end
    database.end_time_of(attempt_id)

    laptop.context.set_offline(False)
    expect(laptop.get_by_text("It was given in time, so it is kept as late: it is not scored")).to_be_visible()
    says(laptop, "closed")
    follow(laptop.get_by_role("link", name="To the result"))
    expect(laptop.get_by_text("Kept as late, not scored")).to_be_visible()

    assert database.late(attempt_id) == [(FIRST, [late])]
    assert database.stored(attempt_id) == [in_time]


def test_an_answer_that_was_under_way_while_the_time_ran_out_is_kept_as_late(laptop: Page, database: Database):
    attempt_id = attempt_of(laptop)

    def hold(route: Route) -> None:
        time.sleep(2.5)
        database.end_time_of(attempt_id)
        route.continue_()

    laptop.route("**/responses/*", hold, times=1)
    late = choose(laptop, 2)

    expect(laptop.get_by_text("It was given in time, so it is kept as late: it is not scored")).to_be_visible()
    assert database.late(attempt_id) == [(FIRST, [late])]


def test_a_window_that_was_killed_before_the_deadline_hands_over_its_answer_from_the_result_page(
    laptop: Page, database: Database
):
    attempt_id, address, context = attempt_of(laptop), laptop.url, laptop.context
    context.set_offline(True)
    late = choose(laptop, 2)
    says(laptop, "offline")
    lies_on_the_device(laptop, 1)
    laptop.wait_for_timeout(1500)  # given a second and more before the end
    laptop.close(run_before_unload=False)
    database.end_time_of(attempt_id)
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)

    expect(again.get_by_text("Kept as late, not scored")).to_be_visible()
    assert database.late(attempt_id) == [(FIRST, [late])]


def test_a_server_that_dies_and_comes_back_has_everything_that_it_acknowledged_and_gets_the_rest(
    laptop: Page, database: Database, server: Server
):
    attempt_id = attempt_of(laptop)
    acknowledged = choose(laptop, 1)
    says(laptop, "saved")
    server.kill()
    rest = choose(laptop, 2, SECOND)
    says(laptop, "retrying")
    assert database.stored(attempt_id) == [acknowledged]

    server.start()
    says(laptop, "saved")

    assert [database.stored(attempt_id, position) for position in (FIRST, SECOND)] == [[acknowledged], [rest]]


def test_a_browser_that_keeps_nothing_says_so_and_saves_all_the_same(device: Device, database: Database):
    context = device()
    for kind in ("indexedDB", "localStorage", "sessionStorage"):
        context.add_init_script(
            f"Object.defineProperty(window, '{kind}', {{ get() {{ throw new Error('forbidden') }} }})"
        )
    page = context.new_page()
    sign_up(page)
    attempt_id = start_test(page)

    expect(page.get_by_text("This browser keeps nothing on this device")).to_be_visible()
    chosen = choose(page, 2)
    says(page, "saved")
    follow(page.get_by_role("button", name="Save and continue"))
    page.wait_for_url("**page=2")
    page.go_back()
    expect(option(page, 2)).to_be_checked()
    again = choose(page, 3, SECOND)  # the pen is still this sign-in's
    says(page, "saved")

    assert [database.stored(attempt_id, position) for position in (FIRST, SECOND)] == [[chosen], [again]]


def test_what_lies_on_the_device_is_the_persons_own_and_goes_to_nobody_else(laptop: Page, database: Database):
    attempt_id, context = attempt_of(laptop), laptop.context
    context.set_offline(True)
    choose(laptop, 2)
    says(laptop, "offline")
    lies_on_the_device(laptop, 1)
    laptop.close(run_before_unload=False)
    context.set_offline(False)
    context.clear_cookies()

    other = context.new_page()
    sign_up(other, "Grace Hopper")
    others = start_test(other)
    choose(other, 1, SECOND)
    says(other, "saved")

    assert database.stored(attempt_id) is None
    assert database.stored(others) is None
