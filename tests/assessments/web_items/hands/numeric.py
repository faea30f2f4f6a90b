"""Answering with a number in the browser."""

from tests.keys import focus, pick

SAMPLE = {
    "content": {
        "passage": "Of 240 answers that two reviewers labelled, they gave 180 the same label. By chance alone, going "
        "by how often each of them used each label, they would have agreed on 120.",
        "prompt": "How far above chance do the two agree, as a share of what chance leaves open?",
        "units": [{"id": "share", "title": "as a share of 1"}, {"id": "percent", "title": "percent"}],
    },
    "key": {"value": "0.5", "unit": "share", "absolute": "0.005", "factors": {"percent": "0.01"}},
    "response": {"value": "0.5", "unit": "share"},
}


def by_mouse(page, root, prefix, content, response):
    root.locator(f'input[name="{prefix}value"]').fill(response["value"])
    if response.get("unit"):
        root.locator(f'label:has(input[name="{prefix}unit"][value="{response["unit"]}"])').click()


def by_keyboard(page, root, prefix, content, response):
    focus(page, f'input[name="{prefix}value"]')
    page.keyboard.type(response["value"])
    if response.get("unit"):
        pick(page, f"{prefix}unit", response["unit"])


without_script = by_mouse
