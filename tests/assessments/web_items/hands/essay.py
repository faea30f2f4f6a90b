"""Writing an essay in the browser."""

from tests.keys import focus


def _criterion(name: str, title: str, question: str, *descriptors: str) -> dict:
    levels = [{"level": number, "descriptor": text} for number, text in enumerate(descriptors, start=1)]
    return {"id": name, "title": title, "question": question, "levels": levels}


SAMPLE = {
    "content": {
        "prompt": "Two annotators label the same hundred answers as safe or unsafe and agree on 94 of them. Your lead "
        "says: “94 % is excellent, we can stop training them.” Write an answer to your lead.",
        "reference_title": "What the two annotators said",
        "reference": "Both unsafe: 1 answer. Only the first says unsafe: 3. Only the second says unsafe: 3. "
        "Both safe: 93.",
        "fewest_words": 40,
        "most_words": 200,
        "criteria": [
            _criterion(
                "chance",
                "Agreement by chance",
                "Does it see that nearly all answers are safe, so that agreement is cheap?",
                "It does not.",
                "It says that 94 % misleads, not why.",
                "It says why, by the numbers given.",
            ),
            _criterion(
                "advice",
                "What to do",
                "Does the lead learn what to do next?",
                "There is no advice, or a harmful one.",
                "The advice is right but general.",
                "The advice fits this case and can be followed tomorrow.",
            ),
        ],
    },
    "key": {
        "exemplar": "I would not stop yet. Nearly all answers are safe, so two people who call everything safe would "
        "agree nearly always. Where it matters, they do not: of seven answers that either finds unsafe, they share "
        "one. Cohen’s kappa is about 0.22, which is poor.\n\nLet us collect fifty answers that are likely to be "
        "unsafe, have both label them, and talk through each on which they differ. Then we see which rule of the "
        "guideline is unclear.",
        "notes": "Expected agreement is 0.96² + 0.04² = 0.923, so kappa is (0.94 - 0.923) / (1 - 0.923) = 0.22. A "
        "text that says “seven were called unsafe by somebody, one by both” has seen the point without kappa.",
    },
    "response": {
        "text": "I would not stop yet. Nearly all answers are safe, so anybody agrees most of the time who calls all "
        "of them safe.\n\nOf the seven answers that one of them finds unsafe, they share a single one. Let both label "
        "fifty answers that are likely to be unsafe, and talk through each on which they differ."
    },
}


def by_mouse(page, root, prefix, content, response):
    root.locator(f'textarea[name="{prefix}text"]').fill(response["text"])


def by_keyboard(page, root, prefix, content, response):
    focus(page, f'textarea[name="{prefix}text"]')
    page.keyboard.insert_text(response["text"])


without_script = by_mouse
