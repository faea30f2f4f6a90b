"""Answering a span highlight in the browser."""

from tests.browser.newcomer import mark_by_mouse, mark_by_number
from tests.keys import focus

TEXT = "The ferry line was founded in 1952 by Ida Berg. It carries 40,000 people a year."
SAMPLE = {
    "content": {
        "prompt": "Mark what the source contradicts.",
        "reference_title": "Source",
        "reference": "The ferry line was founded in 1925 by Ida Berg. It carries 40,000 people a year.",
        "text": TEXT,
        "categories": [
            {"id": "wrong-number", "title": "Wrong number or date", "rule": "A figure differs from the source."},
            {"id": "wrong-entity", "title": "Wrong name", "rule": "A name differs from the source."},
        ],
    },
    "key": {"spans": [{"start": TEXT.index("1952"), "end": TEXT.index("1952") + 4, "category": "wrong-number"}]},
    "response": {"spans": [{"start": TEXT.index("1952"), "end": TEXT.index("1952") + 4, "category": "wrong-number"}]},
}


def by_mouse(page, root, prefix, content, response):
    for number, span in enumerate(response["spans"], start=1):
        mark_by_mouse(root, span, number)


def by_keyboard(page, root, prefix, content, response):
    kinds = [category["id"] for category in content["categories"]]
    scope = root.evaluate("element => element.id")
    focus(page, f"#{scope} [data-part=region], #{scope} [data-part=text]")
    for span in response["spans"]:
        page.keyboard.press("Home")
        for _ in range(span["start"]):
            page.keyboard.press("Control+ArrowRight")
        for _ in range(span["end"] - span["start"]):
            page.keyboard.press("Control+Shift+ArrowRight")
        page.keyboard.press(str(kinds.index(span["category"]) + 1))


def without_script(page, root, prefix, content, response):
    for number, span in enumerate(response["spans"], start=1):
        mark_by_number(root, span, number)
