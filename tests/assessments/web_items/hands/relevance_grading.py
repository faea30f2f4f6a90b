"""Answering a relevance grading in the browser."""

from tests.keys import pick

SAMPLE = {
    "content": {
        "query": "wet cellar wall what to do",
        "intent": "Somebody has found a wet patch on the inside of a cellar wall, and wants to know what it may come "
        "from and what to do first. They are no builder.",
        "results": [
            {
                "title": "Wet cellar walls: five causes, and how to tell them apart",
                "address": "homecare.example › cellar › damp",
                "snippet": "Rising damp, seepage, a leaking pipe, condensation or a blocked gutter: what each looks "
                "like, a test with a sheet of foil that takes a day, and whom to call for which.",
            },
            {
                "title": "Buy cellar paint, 10 litres, white",
                "address": "paintshop.example › exterior › 4471",
                "snippet": "Covers 60 square metres. Breathable. Free delivery from 50 coins. 214 ratings.",
            },
            {
                "title": "Why warm air makes cold walls wet",
                "address": "physics-at-home.example › condensation",
                "snippet": "Summer air holds much water. On a cold wall it condenses: air the cellar at night. Other "
                "causes of damp are left for another article.",
            },
        ],
        "grades": [
            {"level": 1, "descriptor": "Useless: it serves another need than the searcher’s."},
            {"level": 2, "descriptor": "Weak: it touches the need, and the searcher has to go on searching."},
            {"level": 3, "descriptor": "Good: it serves a substantial part of the need."},
            {"level": 4, "descriptor": "Perfect: the searcher needs no other result."},
        ],
    },
    "key": {"grades": {"1": 4, "2": 1, "3": {"2": 2, "3": 3}}},
    "response": {"grades": {"1": 4, "2": 1, "3": 3}},
}


def by_mouse(page, root, prefix, content, response):
    for number, grade in response["grades"].items():
        root.locator(f'label:has(input[name="{prefix}result-{number}"][value="{grade}"])').click()


def by_keyboard(page, root, prefix, content, response):
    for number, grade in response["grades"].items():
        pick(page, f"{prefix}result-{number}", str(grade))


without_script = by_mouse
