"""Answering a rubric score in the browser."""

from tests.keys import pick


def _levels(*descriptors: str) -> list[dict]:
    return [{"level": number, "descriptor": text} for number, text in enumerate(descriptors, start=1)]


SAMPLE = {
    "content": {
        "task": "Explain to a customer why a parcel is late, and what happens next.",
        "response": "Your parcel is late. We are looking into it. Thank you for your patience.",
        "criteria": [
            {
                "id": "completeness",
                "title": "Completeness",
                "question": "Does the answer give the reason and the next step?",
                "levels": _levels("Neither.", "One of them.", "Both."),
            },
            {
                "id": "tone",
                "title": "Tone",
                "question": "Is it courteous?",
                "levels": _levels("Rude.", "Curt.", "Courteous."),
            },
        ],
    },
    "key": {"levels": {"completeness": 1, "tone": 3}},
    "response": {"levels": {"completeness": 1, "tone": 3}},
}


def by_mouse(page, root, prefix, content, response):
    for criterion, level in response["levels"].items():
        root.locator(f'label:has(input[name="{prefix}level-{criterion}"][value="{level}"])').click()


def by_keyboard(page, root, prefix, content, response):
    for criterion, level in response["levels"].items():
        pick(page, f"{prefix}level-{criterion}", str(level))


without_script = by_mouse
