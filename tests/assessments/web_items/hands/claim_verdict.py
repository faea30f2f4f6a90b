"""Answering a claim verdict in the browser."""

from tests.keys import pick, press_on

SAMPLE = {
    "content": {
        "claim": "The lighthouse has been automatic since 1980.",
        "evidence_title": "From the harbour authority's leaflet",
        "evidence": [
            "The lighthouse stands 31 metres above high water.",
            "The last keeper left in the autumn of 1986, when the lamp was automated.",
            "Visitors may climb the tower in summer.",
        ],
    },
    "key": {"label": "contradicted", "evidence": [2]},
    "response": {"label": "contradicted", "evidence": [2], "confidence": 1.0},
}


def by_mouse(page, root, prefix, content, response):
    for number in response["evidence"]:
        root.locator(f'label:has(input[name="{prefix}evidence"][value="{number}"])').click()
    root.locator(f'label:has(input[name="{prefix}label"][value="{response["label"]}"])').click()
    root.locator(f'label:has(input[name="{prefix}confidence"][value="{response["confidence"]:g}"])').click()


def by_keyboard(page, root, prefix, content, response):
    for number in response["evidence"]:
        press_on(page, f'input[name="{prefix}evidence"][value="{number}"]', "Space")
    pick(page, f"{prefix}label", response["label"])
    pick(page, f"{prefix}confidence", f"{response['confidence']:g}")


without_script = by_mouse
