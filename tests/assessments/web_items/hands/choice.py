"""Answering a choice in the browser."""

from tests.keys import pick, press_on

SAMPLE = {
    "content": {
        "prompt": "Which of these sentences hold a claim that a source could bear out?",
        "many": True,
        "options": [
            {"id": "opened", "text": "The tunnel was opened in 1882."},
            {"id": "boring", "text": "The book about the tunnel is boring."},
            {"id": "length", "text": "The tunnel is fifteen kilometres long."},
            {"id": "wish", "text": "Somebody should dig another tunnel."},
        ],
    },
    "key": {"choices": ["opened", "length"]},
    "response": {"choices": ["length", "opened"]},
}


def by_mouse(page, root, prefix, content, response):
    for choice in response["choices"]:
        root.locator(f'label:has(input[name="{prefix}choices"][value="{choice}"])').click()


def by_keyboard(page, root, prefix, content, response):
    for choice in response["choices"]:
        if content.get("many"):
            press_on(page, f'input[name="{prefix}choices"][value="{choice}"]', "Space")
        else:
            pick(page, f"{prefix}choices", choice)


without_script = by_mouse
