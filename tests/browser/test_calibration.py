"""A calibration in a real browser: by mouse with and without JavaScript, by keyboard alone, and looked at by axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newcomer import COURSE, sign_up
from tests.keys import focus, press_on
from tests.pages import follow, look_at

pytestmark = pytest.mark.browser
URL = f"/calibrations/{COURSE}/"


def answer_somehow(page: Page) -> None:
    """One answer in every group of the item, right or wrong."""
    item = page.locator("section.item")
    for group in item.locator("fieldset").all():
        choices = group.locator("input[type=radio]")
        if choices.count():
            choices.first.check()
    ticks = item.locator("input[type=checkbox]")
    if ticks.count() and not item.locator("input[type=radio]").count():
        ticks.last.check()


def try_and_go_on(page: Page, number: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Item {number} of 24")
    expect(page.locator(".feedback")).to_have_count(0)
    answer_somehow(page)
    follow(page.get_by_role("button", name="Check my answer"))
    expect(page.locator("#feedback")).to_contain_text("Why")
    expect(page.locator("#feedback")).to_contain_text("Sources")
    expect(page.get_by_role("button", name="Check my answer")).to_have_count(0)
    follow(page.get_by_role("link", name="Next item"))


def test_gold_items_are_worked_through_with_feedback_at_once(context):
    page = context.new_page()
    sign_up(page)
    page.goto(f"/tests/{COURSE}/")
    follow(page.get_by_role("link", name="To the calibration"))
    follow(page.get_by_role("button", name="Begin the first round"))
    for number in (1, 2, 3):
        try_and_go_on(page, number)

    page.goto(URL)

    expect(page.locator("figure circle.dot")).to_have_count(3)
    expect(page.get_by_role("row", name=re.compile(r"^Item \d"))).to_have_count(3)
    expect(page.locator("main")).to_contain_text("Over your last 3 first tries")
    follow(page.get_by_role("link", name="Go on with item 4 of 24"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Item 4 of 24")


def test_an_item_is_tried_by_keyboard_alone(scripted):
    page = scripted
    sign_up(page)
    page.goto(URL)
    press_on(page, "form[action$='/rounds'] button")
    page.wait_for_url("**/items/1")
    names = page.locator("section.item input[type=radio]").evaluate_all("all => [...new Set(all.map(e => e.name))]")
    for name in names:
        press_on(page, f'input[type=radio][name="{name}"]', "Space")
    if not names:
        press_on(page, "section.item input[type=checkbox]", "Space")
    focus(page, "section.item form .actions button")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("#feedback")).to_be_in_viewport()
    page.keyboard.press("Tab")  # from the feedback on, not from the top of the page
    assert page.evaluate("() => document.activeElement.closest('#feedback, .actions') !== null")
    press_on(page, "main .actions a")
    page.wait_for_url("**/items/2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(browser, site, scheme):
    page = browser.new_context(base_url=site.url, color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(URL)
    found = look_at(page, "calibration, signed out")
    sign_up(page)
    page.goto(URL)
    found += look_at(page, "calibration, not begun")
    follow(page.get_by_role("button", name="Begin the first round"))
    for number in (1, 2):
        found += look_at(page, f"item {number}")
        answer_somehow(page)
        follow(page.get_by_role("button", name="Check my answer"))
        page.locator("#feedback").wait_for()
        found += look_at(page, f"item {number} tried")
        follow(page.get_by_role("link", name="Next item"))
    page.goto(URL)
    found += look_at(page, "calibration under way")
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_about_scoring(browser, site, scheme):
    page = browser.new_context(base_url=site.url, color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto("/scoring/")
    found = look_at(page, "/scoring/")
    for path in ["/scoring/results", *page.locator("main .cards a").evaluate_all("all => all.map(a => a.pathname)")]:
        page.goto(path)
        for summary in page.locator("details.strategies > summary").all():
            summary.click()
        found += look_at(page, path)
    assert found == [], "\n".join(found)
