"""Writing a rewrite in the browser."""

from tests.keys import focus, press_on

SAMPLE = {
    "content": {
        "task": "A patient asks: “May I take my tablets with grapefruit juice?” Answer from the leaflet.",
        "prompt": "Correct the response: what contradicts the leaflet goes, what is right and helpful stays.",
        "reference_title": "From the leaflet",
        "reference": "Do not drink grapefruit juice while you take this medicine, and for 3 days after the last "
        "tablet: it raises the amount of medicine in the blood. Take the tablets with a glass of water, with or "
        "without food. If you have drunk grapefruit juice by mistake, ask your pharmacist.",
        "response": "Yes, you may, as long as two hours lie between the juice and the tablet. Take the tablets with a "
        "glass of water, with or without food. If anything worries you, ask your pharmacist.",
        "most_words": 120,
        "criteria": [
            {
                "id": "helpful",
                "title": "Helpfulness",
                "question": "Does the patient know what to do, and why?",
                "levels": [
                    {"level": 1, "descriptor": "The patient is left with a wrong or no answer."},
                    {"level": 2, "descriptor": "The answer is right, but bare or clumsy."},
                    {"level": 3, "descriptor": "The answer is right, complete and kind."},
                ],
            }
        ],
    },
    "key": {
        "must_fix": [
            {
                "id": "no-juice",
                "title": "It advises against the juice",
                "any_of": ["do not drink", "don’t drink", "avoid", "please no", "no grapefruit juice"],
                "none_of": ["yes you may", "two hours"],
            },
            {"id": "days", "title": "It says for how long afterwards", "any_of": ["3 days", "three days"]},
        ],
        "must_keep": [
            {"id": "water", "title": "With a glass of water", "any_of": ["glass of water"]},
            {"id": "worries", "title": "An ear for any other worry", "any_of": ["worries you", "worried", "unsure"]},
        ],
        "exemplar": "Please do not drink grapefruit juice while you take these tablets, nor for three days after the "
        "last one: it raises the amount of medicine in your blood. Take the tablets with a glass of water, with or "
        "without food. If you have drunk some by mistake, or anything else worries you, ask your pharmacist.",
        "notes": "The reason (more of the medicine in the blood) belongs into the best level.",
    },
    "response": {
        "text": "Please do not drink grapefruit juice while you take these tablets, nor for three days after the "
        "last one, because it raises the amount of medicine in your blood.\n\nTake the tablets with a glass of water, "
        "with or without food. If anything worries you, ask your pharmacist."
    },
}


def by_mouse(page, root, prefix, content, response):
    begin = root.locator("[data-part=copy]")
    if begin.is_visible():
        begin.click()
    root.locator(f'textarea[name="{prefix}text"]').fill(response["text"])


def by_keyboard(page, root, prefix, content, response):
    if root.locator("[data-part=copy]").is_visible():
        press_on(page, f'[data-writing]:has(textarea[name="{prefix}text"]) [data-part=copy]')
    focus(page, f'textarea[name="{prefix}text"]')
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(response["text"])


def without_script(page, root, prefix, content, response):
    root.locator(f'textarea[name="{prefix}text"]').fill(response["text"])
