"""Track folders for tests: a small sound track, of which each test spoils one thing."""

from pathlib import Path

COURSE = """\
title: Splitting claims
summary: What a claim is.
outcomes:
  - Split a text into claims.
hours: 2
language: en
licence: CC BY 4.0
authors: [Assay catalogue authors]
lessons: [01-claims, 02-splitting]
"""
GUIDE = """\
labels:
  - id: supported
    title: Supported
    rule: The evidence states it.
    example: An example that fits.
    counterexample: An example that does not.
    in_doubt: Read the evidence again.
criteria:
  - id: atomicity
    title: Atomicity
    question: Does each line make one statement?
    levels:
      - {level: 1, descriptor: Hardly any line does.}
      - {level: 2, descriptor: Every line does.}
    in_doubt: Ask whether one half could be false alone.
"""
TEST = """\
title: Splitting claims, the test
summary: Short.
skills:
  - {id: splitting, title: Splitting, summary: Cuts a text.}
  - {id: judging, title: Judging, summary: Says what holds.}
sections:
  - {title: Splitting, skill: splitting, type: choice, count: 1}
time_limit: {minutes: 10, basis: Measured.}
cut_score:
  score: 0.7
  method: modified Angoff
  panel: Three people.
  ratings:
    t-1: [0.7]
    t-2: [0.7]
retake: {tries: 3, window_days: 90, cool_down_hours: 24}
"""
LESSONS = {
    "01-claims": ("What a claim is", "splitting", ["p-1", "p-2", "p-3"]),
    "02-splitting": ("How to split", "judging", ["p-4", "p-5", "p-6"]),
}


def write_track(root: Path, slug: str = "splitting-claims") -> Path:
    """A track without a fault: two lessons with three practice items each, and two test items."""
    folder = root / slug
    (folder / "lessons").mkdir(parents=True)
    (folder / "items").mkdir()
    (folder / "course.yaml").write_text(COURSE)
    (folder / "guide.yaml").write_text(GUIDE)
    (folder / "test.yaml").write_text(TEST)
    for name, (title, skill, practice) in LESSONS.items():
        (folder / "lessons" / f"{name}.md").write_text(lesson(title, skill, practice))
    items = [item(f"p-{n}", "practice") for n in range(1, 7)] + [item(f"t-{n}", "test") for n in (1, 2)]
    (folder / "items" / "choice.yaml").write_text("".join(items))
    return folder


def lesson(title: str, skill: str, practice: list[str]) -> str:
    """Front matter on lines 1 to 5, the first block on line 9."""
    blocks = "".join(f"::: practice {identifier}\n:::\n\n" for identifier in practice)
    return f"---\ntitle: {title}\nminutes: 20\nskills: [{skill}]\n---\n## Why it matters\n\n{blocks}The end.\n"


def item(identifier: str, use: str) -> str:
    """A choice item of 14 lines."""
    return f"""\
- id: {identifier}
  type: choice
  use: {use}
  skill: splitting
  difficulty: easy
  content:
    prompt: Which of these is right in the case of {identifier}?
    options: [{{id: a, text: This one.}}, {{id: b, text: That one.}}]
  key:
    choices: [a]
  rationale: Because it is.
  temptations: {{b: It looks alike.}}
  sources: [{{author: Somebody, title: Something, year: 2020}}]

"""


def spoil(path: Path, old: str, new: str) -> None:
    """Replace what stands in a file."""
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new))
