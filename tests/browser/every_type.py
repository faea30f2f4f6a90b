"""A track with an item of every type, to practise and to be tested on, and who answers them."""

import json
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from assessments.domain.item_types import ITEM_TYPES

TRACK = "every-type"
TYPE_NAMES = sorted(ITEM_TYPES)
WAITING = {"essay", "rewrite"}  # a marker judges these, so their points come later


def hands_of(name: str) -> ModuleType:
    """The sample of a type and the ways to answer it: `by_mouse`, `by_keyboard`, `without_script`."""
    return import_module(f"tests.assessments.web_items.hands.{ITEM_TYPES[name].module}")


def lesson_of(name: str) -> int:
    """The number of the lesson that embeds the type's practice item; each lesson embeds three or more."""
    return TYPE_NAMES.index(name) % (len(TYPE_NAMES) // 3) + 1


def write_every_type(root: Path) -> Path:
    """The catalogue folder: lessons with a practice item of each type, two test items of each, a test of all types."""
    track = root / TRACK
    (track / "lessons").mkdir(parents=True)
    (track / "items").mkdir()
    numbers = sorted({lesson_of(name) for name in TYPE_NAMES})
    for number in numbers:
        (track / "lessons" / f"{number:02}.md").write_text(_lesson(number))
    for name in TYPE_NAMES:
        entries = [_entry(name, "practice", 1), _entry(name, "test", 1), _entry(name, "test", 2)]
        (track / "items" / f"{name}.yaml").write_text(json.dumps(entries))  # JSON is YAML
    (track / "course.yaml").write_text(json.dumps(_course([f"{number:02}" for number in numbers])))
    (track / "guide.yaml").write_text("labels: []\n")
    (track / "test.yaml").write_text(json.dumps(_test()))
    return root


def _lesson(number: int) -> str:
    names = [name for name in TYPE_NAMES if lesson_of(name) == number]
    skills = ", ".join(f"skill-{name}" for name in names)
    head = f"---\ntitle: Lesson {number}\nminutes: 5\nskills: [{skills}]\n---\n"
    items = "".join(f"## {ITEM_TYPES[name].title}\n\n::: practice practice-{name}\n:::\n\n" for name in names)
    return f"{head}{items}The end.\n"


def _entry(name: str, use: str, number: int) -> dict[str, Any]:
    kind, sample = ITEM_TYPES[name], hands_of(name).SAMPLE
    stated = sample["key"]
    if name == "true-false" and number == 2:  # or else to say the same throughout would pass
        stated = {"answer": "false" if stated["answer"] == "true" else "true"}
    content, key = kind.content.model_validate(sample["content"]), kind.key.model_validate(stated)
    wrong = kind.wrong_answers(content, key)
    return {
        "id": f"practice-{name}" if use == "practice" else f"test-{name}-{number}",
        "type": name,
        "use": use,
        "skill": f"skill-{name}",
        "difficulty": "easy",
        "content": sample["content"],
        "key": stated,
        "rationale": f"CANARY-RATIONALE of {name}.",
        "temptations": dict.fromkeys(wrong if wrong is not None else ["anything"], "It looks right."),
        "sources": [{"author": "Somebody", "title": "Something", "year": 2020}],
    }


def _course(lessons: list[str]) -> dict[str, Any]:
    return {
        "title": "Every type",
        "summary": "An item of every type.",
        "outcomes": ["Answer each."],
        "hours": 1,
        "language": "en",
        "licence": "CC BY 4.0",
        "authors": ["Assay"],
        "lessons": lessons,
    }


def _test() -> dict[str, Any]:
    tested = [f"test-{name}-{number}" for name in TYPE_NAMES for number in (1, 2)]
    return {
        "title": "Every type, the test",
        "summary": "One of each.",
        "skills": [{"id": f"skill-{n}", "title": ITEM_TYPES[n].title, "summary": n} for n in TYPE_NAMES],
        "sections": [{"title": n, "skill": f"skill-{n}", "type": n, "count": 1} for n in TYPE_NAMES],
        "time_limit": {"minutes": 60, "basis": "Guessed."},
        "cut_score": {
            "score": 0.95,
            "method": "given",
            "panel": "Nobody.",
            "ratings": {identifier: [0.95] for identifier in tested},
        },
        "retake": {"tries": 3, "window_days": 90, "cool_down_hours": 0},
    }
