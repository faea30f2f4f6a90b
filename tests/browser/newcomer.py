"""What a newcomer does in the browser: sign up, read, practise, sit the test; by mouse or by plain form."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.pages import follow

ROOT = Path(__file__).parents[2]
COURSE = "fact-versus-fiction"
PASSWORD = "a ship in port is safe"


@dataclass(frozen=True)
class Site:
    """A running server, and the command line on the same data."""

    url: str
    program: list[str]
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self.program, *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sheet(self, attempt_id: str) -> list[dict[str, Any]]:
        """The full-score answers of an attempt by position."""
        return [json.loads(line) for line in self.command("attempt", "sheet", attempt_id).splitlines()]


def sign_up(page: Page, name: str = "Ada Lovelace") -> str:
    email = f"{uuid4().hex[:12]}@example.org"
    page.goto("/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/me/")
    return email


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/me/")


def start_test(page: Page) -> str:
    """Start the qualification test; the attempt's id."""
    page.goto(f"/tests/{COURSE}/")
    page.get_by_role("button", name="Start the test").click()
    page.wait_for_url("**/attempts/**")
    return page.url.split("/attempts/")[1].split("/")[0]


def answer(item: Locator, response: dict[str, Any], kind: str, *, has_scripts: bool) -> None:
    """Answer one item of the page."""
    if kind == "choice":
        for choice in response["choices"]:
            item.locator(f'input[value="{choice}"]').check()
    elif kind == "claim-verdict":
        item.locator(f'input[value="{response["label"]}"]').check()
        for number in response["evidence"]:
            item.locator(f'input[name$="evidence"][value="{number}"]').check()
        item.locator('input[name$="confidence"]').last.check()
    elif kind == "rubric-score":
        for criterion, level in response["levels"].items():
            item.locator(f'input[name$="level-{criterion}"][value="{level}"]').check()
    elif response["no_errors"]:
        item.get_by_label("This text has no error").check()
    else:
        mark = mark_by_mouse if has_scripts else mark_by_number
        for number, span in enumerate(response["spans"], start=1):
            mark(item, span, number)


def words_of(item: Locator, span: dict[str, Any]) -> tuple[int, int]:
    """The numbers of the first and last word that a span touches, as the page numbers them."""
    text = item.locator('[data-part="text"]').text_content() or ""
    start, number, first, last = 0, 0, 0, 0
    for word in item.locator("[data-word]").all():
        content = word.text_content() or ""
        start = text.index(content, start)
        number = int(word.get_attribute("data-word") or 0)
        if start < span["end"] and start + len(content) > span["start"]:
            first = first or number
            last = number
        start += len(content)
    return first, last


def mark_by_number(item: Locator, span: dict[str, Any], row: int) -> None:
    first, last = words_of(item, span)
    item.locator(f'input[name$="-first-{row}"]').fill(str(first))
    item.locator(f'input[name$="-last-{row}"]').fill(str(last))
    item.locator(f'select[name$="-category-{row}"]').select_option(span["category"])


# The places of the first and the last character of a span, which is given in code points.
PLACES = """(text, span) => {
  const characters = Array.from(text.textContent);
  const place = (offset) => {
    let units = characters.slice(0, offset).join("").length;
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (units < node.length) {
        const range = document.createRange();
        range.setStart(node, units);
        range.setEnd(node, units + characters[offset].length);
        return range.getBoundingClientRect();
      }
      units -= node.length;
    }
  };
  text.scrollIntoView({ block: "center" });
  const [first, last] = [place(span.start), place(span.end - 1)];
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""


def mark_by_mouse(item: Locator, span: dict[str, Any], _row: int) -> None:
    expect(item.locator(".is-live")).to_be_attached()  # before its script runs, nobody listens to the mouse
    left, top, right, bottom = item.locator('[data-part="text"]').evaluate(PLACES, span)
    mouse = item.page.mouse
    mouse.move(left, top)
    mouse.down()
    mouse.move(right, bottom, steps=4)
    mouse.up()
    item.locator(f'button[data-category="{span["category"]}"]').click()


def take_test(page: Page, site: Site, *, right: int, has_scripts: bool) -> str:
    """Sit the test with the first `right` positions answered rightly, and hand in; the attempt's id."""
    attempt_id = start_test(page)
    sheet = {line["position"]: line for line in site.sheet(attempt_id)}
    while "/review" not in page.url:
        for item in page.locator("[data-item]").all():
            line = sheet[int(item.get_attribute("data-position") or 0)]
            if line["position"] <= right:
                answer(item, line["response"], line["type"], has_scripts=has_scripts)
        if has_scripts and page.locator("[data-save-state]").count():
            expect(page.locator("[data-save-state]")).not_to_have_attribute("data-save-state", "saving")
        follow(page.get_by_role("button", name="Save and continue"))
    follow(page.get_by_role("button", name="Hand in and see the result"))
    page.wait_for_url("**/result")
    return attempt_id
