"""Working a page by keyboard alone: Tab to a control, arrows within a group, Space and Enter."""

from playwright.sync_api import Page


def focus(page: Page, selector: str, *, most: int = 600) -> None:
    """Press Tab until the focus is on an element that matches."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {selector}")


def press_on(page: Page, selector: str, key: str = "Enter") -> None:
    focus(page, selector)
    page.keyboard.press(key)


def pick(page: Page, group: str, value: str) -> None:
    """Choose a radio of a group: Tab to the group, arrows to the value."""
    focus(page, f'input[type=radio][name="{group}"]')
    page.keyboard.press("Space")
    for _ in range(60):
        if page.evaluate("() => document.activeElement.value") == value:
            break
        page.keyboard.press("ArrowDown")
    assert page.evaluate("() => document.activeElement.value") == value
    page.keyboard.press("Space")
