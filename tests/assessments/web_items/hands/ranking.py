"""Answering a ranking in the browser."""

from tests.keys import press_on

SAMPLE = {
    "content": {
        "task": "A tenant asks: “The heating in my flat has been cold since yesterday. What should I do?” "
        "Answer as the housing association’s assistant.",
        "reference_title": "The association’s rules",
        "reference": "Faults are reported by telephone, day or night: 0800 555. In the heating season a cold flat is "
        "visited within 24 hours. Tenants do not open or refill the boiler themselves.",
        "entries": [
            {
                "id": "vague",
                "text": "I am sorry that you are cold. Heating faults can have many causes. Please get in touch with "
                "somebody who can have a look at it.",
            },
            {
                "id": "dangerous",
                "text": "Open the boiler’s cover and refill the water up to the red line; that usually helps at once."
                "\n\nIf it hisses, close the cover again and try a second time.",
            },
            {
                "id": "complete",
                "text": "Please report it on 0800 555, at any hour. In the heating season somebody will come within "
                "24 hours.\n\nUntil then leave the boiler closed: refilling it is not for tenants.",
            },
            {
                "id": "partial",
                "text": "Please report the fault by telephone on 0800 555, at any hour. Have the number of your flat "
                "at hand.",
            },
        ],
    },
    "key": {
        "rankings": [
            {"groups": [["complete"], ["partial"], ["vague"], ["dangerous"]], "experts": 5},
            {"groups": [["complete", "partial"], ["vague"], ["dangerous"]], "experts": 1},
        ]
    },
    "response": {"order": ["complete", "partial", "vague", "dangerous"]},
}


def by_mouse(page, root, prefix, content, response):
    for place, entry in enumerate(response["order"], start=1):
        for _ in range(_steps_up(root, entry, place)):
            root.locator(f'[data-entry="{entry}"] [data-move="-1"]').click()


def by_keyboard(page, root, prefix, content, response):
    scope = root.evaluate("element => element.id")
    for place, entry in enumerate(response["order"], start=1):
        for _ in range(_steps_up(root, entry, place)):
            press_on(page, f'#{scope} [data-entry="{entry}"] [data-move="-1"]', "Enter")


def without_script(page, root, prefix, content, response):
    for place, entry in enumerate(response["order"], start=1):
        root.locator(f'select[name="{prefix}place-{entry}"]').select_option(str(place))


def _steps_up(root, entry, place):
    """How often an entry has to move up to stand at the place, from 1; above it all stand already as they should."""
    shown = root.locator("[data-entry]").evaluate_all("entries => entries.map((entry) => entry.dataset.entry)")
    return shown.index(entry) + 1 - place
