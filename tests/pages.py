"""What browser tests do with pages: go on to the next one, wait until it stands still, look at it with axe."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

PATIENCE = 60.0  # seconds: only a test that fails waits so long
Found = TypeVar("Found")

# Nothing is loaded any more, and no colour is on its way to another one.
STILL = """() => document.readyState === "complete" && document.fonts.status === "loaded"
  && document.getAnimations().every((one) => one.playState !== "running")"""


def follow(control: Locator) -> None:
    """Click a link or a button that leads to another page, and wait until that one is loaded."""
    with control.page.expect_navigation():
        control.click()


def becomes(read: Callable[[], Found], wanted: Found) -> None:
    """Read again and again until this is found, for what `expect` has no words for. Raises AssertionError.

    Not `page.wait_for_function`: from its second look on, our Content-Security-Policy forbids it.
    """
    end = time.monotonic() + PATIENCE
    while (found := read()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found == wanted


def violations(page: Page, name: str, **how: Any) -> list[str]:
    """What axe finds on a page that stands still, a line each; `how` is for axe: its `context` and `options`."""
    page.wait_for_load_state()
    becomes(lambda: page.evaluate(STILL), True)
    nodes = [(one["id"], one["nodes"][0]) for one in Axe().run(page, **how).response["violations"]]
    return [f"{name}: {rule}: {node['html'][:200]} | {node['failureSummary'][:300]}" for rule, node in nodes]


def resize(page: Page, width: int, height: int) -> None:
    """Give the window this size (CSS pixels) and wait until the page has it."""
    page.set_viewport_size({"width": width, "height": height})
    becomes(lambda: page.evaluate("[innerWidth, innerHeight]"), [width, height])


def look_at(page: Page, name: str, *, width: int = 320) -> list[str]:
    """What axe finds, and whether the page is wider than a phone of this width (CSS pixels); a line each."""
    found = violations(page, name)
    before = page.viewport_size or {"width": 1280, "height": 720}
    resize(page, width, 800)
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    resize(page, before["width"], before["height"])
    return [*found, f"{name}: {too_wide} px wider than {width} px"] if too_wide > 0 else found
