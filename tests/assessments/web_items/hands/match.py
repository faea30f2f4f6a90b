"""Answering a match in the browser."""

from tests.keys import focus

SAMPLE = {
    "content": {
        "prompt": "Which kind of error is in each sentence of the summary? One sentence is sound.",
        "passage": "Source: The library opened in 1994 and lends 3,000 books a week. Its reading room is closed on "
        "Sundays. A new wing is planned, but not yet paid for.",
        "entries": [
            {"id": "opened", "text": "The library opened in 1949."},
            {"id": "lends", "text": "It lends 3,000 books a week."},
            {"id": "museum", "text": "The museum’s reading room is closed on Sundays."},
            {"id": "wing", "text": "A new wing will open next year."},
        ],
        "targets": [
            {"id": "entity", "text": "Wrong person, place or thing"},
            {"id": "number", "text": "Wrong number or date"},
            {"id": "invented", "text": "Not in the source"},
        ],
    },
    "key": {"pairs": {"opened": "number", "museum": "entity", "wing": "invented"}},
    "response": {"pairs": {"opened": "number", "museum": "entity", "wing": "invented"}},
}


def by_mouse(page, root, prefix, content, response):
    for entry, target in response["pairs"].items():
        root.locator(f'select[name="{prefix}target-{entry}"]').select_option(target)


def by_keyboard(page, root, prefix, content, response):
    targets = [target["id"] for target in content["targets"]]
    for entry in (entry["id"] for entry in content["entries"]):
        if entry in response["pairs"]:
            focus(page, f'select[name="{prefix}target-{entry}"]')
            for _ in range(targets.index(response["pairs"][entry]) + 1):
                page.keyboard.press("ArrowDown")


without_script = by_mouse
