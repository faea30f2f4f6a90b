"""Answering with a number in the browser."""

from tests.keys import focus, pick

SAMPLE = {
    "content": {
        "passage": "A batch holds 48 answers. To check one takes 90 seconds. Every sixth answer is checked once more, "
        "by somebody else, who takes as long again.",
        "prompt": "How much working time does the batch take in all?",
        "units": [
            {"id": "seconds", "title": "seconds"},
            {"id": "minutes", "title": "minutes"},
            {"id": "hours", "title": "hours"},
        ],
    },
    "key": {"value": "84", "unit": "minutes", "absolute": "0.5", "factors": {"hours": "60"}},
    "response": {"value": "84", "unit": "minutes"},
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
