"""Answering a first wrong step in the browser."""

from tests.keys import pick

SAMPLE = {
    "content": {
        "problem": "A water tank holds 600 litres. One pipe fills it in 4 hours, another in 6 hours. Both run "
        "together. How long do they take to fill the empty tank?",
        "steps": [
            "The first pipe brings 600 / 4 = 150 litres an hour.",
            "The second pipe brings 600 / 6 = 100 litres an hour.",
            "Together they take the mean of both times, so (4 + 6) / 2 = 5 hours.",
            "In 5 hours they bring 5 × 250 = 1250 litres, which is more than enough.",
            "So the tank is full after 5 hours.",
        ],
        "reasons": [
            {
                "id": "arithmetic",
                "title": "Wrong arithmetic",
                "rule": "The right numbers are put together rightly, and the result is miscalculated.",
            },
            {
                "id": "method",
                "title": "Wrong method",
                "rule": "The numbers are right, but what is done with them does not lead to what is asked.",
            },
            {
                "id": "misread",
                "title": "Misread problem",
                "rule": "It uses a fact that the problem does not give, or another than it gives.",
            },
        ],
    },
    "key": {"step": 3, "votes": {"3": 6, "4": 1}, "reasons": ["method"]},
    "response": {"step": 3, "reason": "method"},
}


def by_mouse(page, root, prefix, content, response):
    for field in ("step", "reason"):
        if response.get(field) is not None:
            root.locator(f'label:has(input[name="{prefix}{field}"][value="{response[field]}"])').click()


def by_keyboard(page, root, prefix, content, response):
    for field in ("step", "reason"):
        if response.get(field) is not None:
            pick(page, f"{prefix}{field}", str(response[field]))


without_script = by_mouse
