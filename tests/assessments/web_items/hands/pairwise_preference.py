"""Answering a pairwise preference in the browser."""

from tests.keys import pick, press_on

SAMPLE = {
    "content": {
        "task": "A reader writes: “My sourdough starter has grey liquid on top. Is it spoiled?” Answer in short.",
        "reference_title": "From the bakery’s handbook",
        "reference": "Grey or brown liquid on a starter is alcohol from fermentation: the starter is hungry. Pour it "
        "off or stir it in, and feed. Pink or orange streaks are a spoilage organism: discard the whole jar.",
        "response_a": "Grey liquid means that your starter is spoiled. Please throw it away to be on the safe side, "
        "and buy a new one.",
        "response_b": "That liquid is alcohol, a sign that the starter is hungry and not that it is spoiled. Stir it "
        "in or pour it off, then feed it. Only if you see pink or orange streaks, throw the jar away.",
        "reasons": [
            {
                "id": "polite",
                "title": "It is politer",
                "rule": "The other is curt or rude, and this one is not.",
            },
            {
                "id": "accurate",
                "title": "It is accurate",
                "rule": "It says what the reference says, where the other contradicts it.",
            },
            {
                "id": "complete",
                "title": "It is more complete",
                "rule": "It gives a part of the needed help that the other leaves out.",
            },
            {
                "id": "shorter",
                "title": "It is shorter",
                "rule": "It gives the same help in fewer words.",
            },
        ],
    },
    "key": {
        "preference": "b",
        "votes": {"b": 5, "a": 0, "equal": 0},
        "strength": {"clearly": 1, "much": 4},
        "reasons": ["accurate", "complete"],
    },
    "response": {"preference": "b", "strength": "much", "reasons": ["accurate", "complete"]},
}


def by_mouse(page, root, prefix, content, response):
    for field in ("preference", "strength"):
        if response.get(field):
            root.locator(f'label:has(input[name="{prefix}{field}"][value="{response[field]}"])').click()
    for reason in response["reasons"]:
        root.locator(f'label:has(input[name="{prefix}reasons"][value="{reason}"])').click()


def by_keyboard(page, root, prefix, content, response):
    for field in ("preference", "strength"):
        if response.get(field):
            pick(page, f"{prefix}{field}", response[field])
    for reason in response["reasons"]:
        press_on(page, f'input[name="{prefix}reasons"][value="{reason}"]', "Space")


without_script = by_mouse
