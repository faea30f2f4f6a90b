"""Answering an order in the browser."""

from tests.assessments.web_items.sorting import by_dragging, by_keys, by_places

SAMPLE = {
    "content": {
        "prompt": "A reviewer checks an answer against a source. Bring the steps into a sensible sequence.",
        "entries": [
            {"id": "verdict", "text": "Give each claim its verdict by what the source says."},
            {"id": "score", "text": "Score the answer as a whole by the rubric, with the verdicts at hand."},
            {"id": "split", "text": "Split the answer into claims that can each be checked alone."},
            {"id": "read", "text": "Read the task and the whole answer once, without judging yet."},
        ],
    },
    "key": {"order": ["read", "split", "verdict", "score"]},
    "response": {"order": ["read", "split", "verdict", "score"]},
}


def by_mouse(page, root, prefix, content, response):
    by_dragging(page, root, response["order"])


def by_keyboard(page, root, prefix, content, response):
    by_keys(page, root, response["order"])


def without_script(page, root, prefix, content, response):
    by_places(page, root, prefix, response["order"])
