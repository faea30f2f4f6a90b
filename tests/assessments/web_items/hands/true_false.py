"""Answering true or false in the browser."""

from tests.keys import pick

SAMPLE = {
    "content": {
        "passage": "The depot replaced its last diesel bus in March. Since then all 42 buses run on electricity, and "
        "the depot buys its current from a wind farm on the coast.",
        "statement": "The passage supports the claim that the depot’s buses cause no emissions at all.",
    },
    "key": {"answer": "false", "distribution": {"false": 6, "true": 1}},
    "response": {"answer": "false"},
}


def by_mouse(page, root, prefix, content, response):
    root.locator(f'label:has(input[name="{prefix}answer"][value="{response["answer"]}"])').click()


def by_keyboard(page, root, prefix, content, response):
    pick(page, f"{prefix}answer", response["answer"])


without_script = by_mouse
