"""Bringing a list into order in the browser: by dragging, by keys alone, by choosing places without scripts."""

from tests.keys import focus


def order_of(root):
    """The ids of the entries as they stand."""
    return root.locator("[data-entry]").evaluate_all("entries => entries.map((entry) => entry.dataset.entry)")


def drag(page, root, entry, over, *, is_let_go=True):
    """Drag an entry by its handle over the far half of another one, and let go of it there."""
    handle = root.locator(f'[data-entry="{entry}"] [data-part=handle]')
    # In the middle of the window, for near its edge a list scrolls on by itself, as long as the pointer is there.
    root.locator("[data-part=list]").evaluate("list => list.scrollIntoView({ block: 'center' })")
    start, goal = handle.bounding_box(), root.locator(f'[data-entry="{over}"]').bounding_box()
    x = start["x"] + start["width"] / 2
    page.mouse.move(x, start["y"] + start["height"] / 2)
    page.mouse.down()
    is_downwards = goal["y"] > start["y"]
    page.mouse.move(x, goal["y"] + goal["height"] * (0.9 if is_downwards else 0.1), steps=4)
    if is_let_go:
        page.mouse.up()


def by_dragging(page, root, order):
    for place, entry in enumerate(order):
        if order_of(root)[place] != entry:
            drag(page, root, entry, order_of(root)[place])
    root.locator("[data-part=is-answer]").check()


def by_keys(page, root, order):
    scope = f"#{root.get_attribute('id')}"
    for place, entry in enumerate(order):
        steps = order_of(root).index(entry) - place
        if steps:
            focus(page, f'{scope} [data-entry="{entry}"] [data-move="-1"]')
        for _ in range(steps):
            page.keyboard.press("Alt+ArrowUp")
    if not root.locator("[data-part=is-answer]").is_checked():
        focus(page, f"{scope} [data-part=is-answer]")
        page.keyboard.press("Space")


def by_places(page, root, prefix, order):
    for place, entry in enumerate(order, start=1):
        root.locator(f'select[name="{prefix}place-{entry}"]').select_option(str(place))
