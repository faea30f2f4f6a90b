"""Answering a data check in the browser."""

from tests.keys import focus, press_on

SAMPLE = {
    "content": {
        "prompt": "These rows are training data for a model that recognises kinds of request. Find those that must not "
        "go in, and say why.",
        "rules": "Each text is labelled with what its writer wants: cancel, refund or address. No text names a person. "
        "No text stands in the table twice.",
        "columns": ["Text", "Label", "Language"],
        "rows": [
            ["Please end my subscription on the 31st.", "cancel", "en"],
            ["I moved, my new street is Mill Lane 4.", "address", "en"],
            ["Send me my money back, the lamp is broken.", "cancel", "en"],
            ["Ich ziehe um, bitte ändern Sie die Anschrift.", "address", "de"],
            ["Please end my subscription on the 31st.", "cancel", "en"],
            ["Ask Mrs Olga Brandt in Graz, she has paid for it.", "refund", "en"],
            ["Je voudrais être remboursé.", "refund", ""],
        ],
        "faults": [
            {"id": "wrong-label", "title": "Wrong label", "rule": "The label is not what the writer wants."},
            {"id": "personal", "title": "Personal data", "rule": "The text names somebody, or says who somebody is."},
            {"id": "double", "title": "Double entry", "rule": "The same text stands in a row above."},
            {"id": "missing", "title": "Missing value", "rule": "A cell is empty that has to be filled."},
        ],
    },
    "key": {"rows": {"3": "wrong-label", "5": "double", "6": "personal", "7": "missing"}},
    "response": {"rows": {"3": "wrong-label", "5": "double", "6": "personal", "7": "missing"}, "no_faults": False},
}


def by_mouse(page, root, prefix, content, response):
    for number, fault in response["rows"].items():
        root.locator(f'select[name="{prefix}row-{number}"]').select_option(fault)
    if response["no_faults"]:
        root.locator(f'label:has(input[name="{prefix}no_faults"])').click()


def by_keyboard(page, root, prefix, content, response):
    ids = [fault["id"] for fault in content["faults"]]
    for number, fault in response["rows"].items():
        focus(page, f'select[name="{prefix}row-{number}"]')
        page.keyboard.press("Home")
        for _ in range(ids.index(fault) + 1):
            page.keyboard.press("ArrowDown")
    if response["no_faults"]:
        press_on(page, f'input[name="{prefix}no_faults"]', "Space")


without_script = by_mouse
