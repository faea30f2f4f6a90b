"""Every item type by mouse, by keyboard alone and without JavaScript, in practice and in a test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.every_type import TRACK, TYPE_NAMES, WAITING, hands_of, lesson_of, write_every_type
from tests.browser.newcomer import Site, sign_up
from tests.keys import focus
from tests.pages import follow

pytestmark = pytest.mark.browser

WAYS = ("by_mouse", "by_keyboard", "without_script")
Visit = Callable[[str], Page]


@pytest.fixture(scope="module")
def track(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = write_every_type(tmp_path_factory.mktemp("catalogue"))
    site.command("catalogue", "load", str(folder))
    return TRACK


@pytest.fixture(scope="module")
def signed_up() -> dict[str, Any]:
    """Who signed up, by the way in which they work: one person each, for sign-ups are limited."""
    return {}


@pytest.fixture
def visit(browser: Browser, site: Site, signed_up: dict[str, Any]) -> Iterator[Visit]:
    """A visitor with an account who works in one of the ways; a fault of a script fails the test."""
    faults: list[str] = []
    contexts = []

    def come(way: str) -> Page:
        has_scripts = way != "without_script"
        context = browser.new_context(
            base_url=site.url, java_script_enabled=has_scripts, locale="en-GB", storage_state=signed_up.get(way)
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if way not in signed_up:
            sign_up(page)
            signed_up[way] = context.storage_state()
        return page

    yield come
    for context in contexts:
        context.close()
    assert not faults


def answer(page: Page, way: str, name: str, root: Any, prefix: str, response: Any = None) -> None:
    hands = hands_of(name)
    getattr(hands, way)(page, root, prefix, hands.SAMPLE["content"], response or hands.SAMPLE["response"])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", TYPE_NAMES)
def test_an_item_of_the_type_is_practised_with_feedback(name: str, way: str, visit: Visit, track: str):
    page = visit(way)
    page.goto(f"/courses/{track}/lessons/{lesson_of(name)}")
    box = page.locator(f"#practice-practice-{name}")
    assert "CANARY-RATIONALE" not in box.inner_html()

    answer(page, way, name, box, f"p-practice-{name}-")
    if way == "by_keyboard":
        focus(page, f"#practice-practice-{name} form button:not([type=button])")
        page.keyboard.press("Enter")
    else:
        box.locator("form button:not([type=button])").last.click()

    expect(box.locator(".feedback")).to_be_visible()
    expect(box).to_contain_text("CANARY-RATIONALE")
    if name not in WAITING:
        expect(box.locator(".feedback-points")).to_contain_text("100 %")


@pytest.mark.parametrize("way", WAYS)
def test_a_test_with_an_item_of_every_type_is_sat_to_its_result(way: str, visit: Visit, track: str, site: Site):
    page = visit(way)
    page.goto(f"/tests/{track}/")
    page.get_by_role("button", name="Start the test").click()
    page.wait_for_url("**/attempts/**")
    attempt_id = page.url.split("/attempts/")[1].split("/")[0]
    sheet = {line["position"]: line for line in site.sheet(attempt_id)}

    while "/review" not in page.url:
        for item in page.locator("[data-item]").all():
            position = int(item.get_attribute("data-position") or 0)
            line = sheet[position]
            answer(page, way, line["type"], item, f"r{position}-", line["response"])
        follow(page.locator("button[name=go][value=next]"))
    expect(page.locator("main")).to_contain_text("Every question is answered")
    follow(page.locator("form[action$='/submit'] button"))

    assert {line["type"] for line in sheet.values()} == set(TYPE_NAMES)
    expect(page.locator("main")).to_contain_text("being marked")
