"""The main job by keyboard alone: Tab, arrows, Space, Enter, letters; the mouse is never touched."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newcomer import COURSE, PASSWORD
from tests.keys import focus, pick, press_on

pytestmark = pytest.mark.browser


def answer_by_keyboard(page: Page, line: dict) -> None:
    prefix, response = f"r{line['position']}-", line["response"]
    item = page.locator(f"#r{line['position']}")
    if line["type"] == "choice":
        is_many = item.locator("input[type=checkbox]").count() > 0
        for choice in response["choices"]:
            if is_many:
                press_on(page, f'input[name="{prefix}choices"][value="{choice}"]', "Space")
            else:
                pick(page, f"{prefix}choices", choice)
    elif line["type"] == "claim-verdict":
        for number in response["evidence"]:
            press_on(page, f'input[name="{prefix}evidence"][value="{number}"]', "Space")
        pick(page, f"{prefix}label", response["label"])
        pick(page, f"{prefix}confidence", "1")
    elif line["type"] == "rubric-score":
        for criterion in item.locator("[data-criterion]").evaluate_all("all => all.map(e => e.dataset.criterion)"):
            pick(page, f"{prefix}level-{criterion}", str(response["levels"][criterion]))
    elif response["no_errors"]:
        press_on(page, f'input[name="{prefix}no_errors"]', "Space")
    else:
        kinds = item.locator("button[data-category]").evaluate_all("all => all.map(e => e.dataset.category)")
        focus(page, f'#r{line["position"]} [data-part="region"], #r{line["position"]} [data-part="text"]')
        for span in response["spans"]:
            page.keyboard.press("Home")
            for _ in range(span["start"]):
                page.keyboard.press("Control+ArrowRight")
            for _ in range(span["end"] - span["start"]):
                page.keyboard.press("Control+Shift+ArrowRight")
            page.keyboard.press(str(kinds.index(span["category"]) + 1))


def test_somebody_without_a_mouse_signs_up_practises_passes_and_gets_the_certificate(scripted, site):
    page = scripted
    page.goto("/sign-up")
    focus(page, 'input[name="name"]')
    page.keyboard.type("Kim Keys")
    page.keyboard.press("Tab")
    page.keyboard.type("kim-keys@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")

    page.goto(f"/courses/{COURSE}/lessons/1")
    press_on(page, "section.practice input[type=radio]", "Space")
    press_on(page, "section.practice button")
    expect(page.locator(".feedback").first).to_be_visible()

    page.goto(f"/tests/{COURSE}/")
    press_on(page, "form[action$='/attempts'] button")
    page.wait_for_url("**/attempts/**")
    attempt_id = page.url.split("/attempts/")[1].split("/")[0]
    sheet = {line["position"]: line for line in site.sheet(attempt_id)}
    while "/review" not in page.url:
        for position in page.locator("[data-item]").evaluate_all("all => all.map(e => Number(e.dataset.position))"):
            answer_by_keyboard(page, sheet[position])
        focus(page, "button[name=go][value=next]")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    press_on(page, "form[action$='/submit'] button")
    page.wait_for_url("**/result")

    expect(page.get_by_role("heading", level=1)).to_have_text("You passed")
    expect(page.locator("main")).to_contain_text("You reached 100 %")
    focus(page, "a[href*='/certificates/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Kim Keys")
