"""Answering with a short text in the browser."""

from tests.keys import focus

SAMPLE = {
    "content": {
        "passage": "“The café by the harbour closes at six,” says the guide. The assistant answers a visitor: “The "
        "café by the harbour closes at six, and so does the ticket office next to it.”",
        "prompt": "Which part of the answer does the guide say nothing about? Name the place in one or two words.",
    },
    "key": {
        "answers": [
            {"text": "ticket office"},
            {"text": "the ticket office"},
            {"text": "the office", "points": 0.5},
        ],
        "typos": 1,
    },
    "response": {"text": "ticket office"},
}


def by_mouse(page, root, prefix, content, response):
    root.locator(f'input[name="{prefix}text"]').fill(response["text"])


def by_keyboard(page, root, prefix, content, response):
    focus(page, f'input[name="{prefix}text"]')
    page.keyboard.type(response["text"])


without_script = by_mouse
