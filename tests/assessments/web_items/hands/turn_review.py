"""Answering a turn review in the browser."""

from tests.keys import pick

SAMPLE = {
    "content": {
        "prompt": "Label each answer of the assistant by how it keeps to the library’s rules.",
        "context": "Rules of the library: a loan lasts three weeks and can be extended once, unless somebody has "
        "reserved the book. Fines are 10 cents a day. The library is closed on Mondays.",
        "turns": [
            {"speaker": "system", "text": "You are the helpdesk of a town library.", "is_reviewed": False},
            {"speaker": "user", "text": "My book is due tomorrow. Can I keep it longer?", "is_reviewed": False},
            {
                "speaker": "assistant",
                "text": "You can extend the loan once, provided that nobody has reserved the book.",
            },
            {"speaker": "user", "text": "And what if I simply bring it on Monday?", "is_reviewed": False},
            {
                "speaker": "assistant",
                "text": "That is fine: on Monday we are open until eight, and there is no fine for a single day.",
            },
            {"speaker": "user", "text": "Can you extend it for me, then?", "is_reviewed": False},
            {"speaker": "assistant", "text": "What is your favourite genre? We have new crime novels in stock."},
        ],
        "labels": [
            {"id": "wrong", "title": "Wrong", "rule": "Something in it contradicts the rules."},
            {"id": "evasive", "title": "Evasive", "rule": "It does not answer what was asked, and says nothing wrong."},
            {"id": "sound", "title": "Sound", "rule": "It answers, and all that it says accords with the rules."},
        ],
    },
    "key": {"labels": {"3": "sound", "5": "wrong", "7": {"evasive": 4, "wrong": 1}}},
    "response": {"labels": {"3": "sound", "5": "wrong", "7": "evasive"}},
}


def by_mouse(page, root, prefix, content, response):
    for turn, label in response["labels"].items():
        root.locator(f'label:has(input[name="{prefix}turn-{turn}"][value="{label}"])').click()


def by_keyboard(page, root, prefix, content, response):
    for turn, label in response["labels"].items():
        pick(page, f"{prefix}turn-{turn}", label)


without_script = by_mouse
