"""extendedTextInteraction: an essay, with what scorers are told as notes for its markers."""

from typing import Any

from assessments.adapters.qti.markup import CRITERIA
from assessments.adapters.qti.notes import NotReadable
from assessments.adapters.qti.page import Page
from assessments.adapters.qti.plain_text import text_of
from assessments.adapters.qti.question import Draft, Question
from assessments.domain.schemas.essay import EssayContent, EssayKey

NO_EXEMPLAR = "The file that this item was read from holds no exemplary text."
_LEVELS = (
    "It does not do what was asked.",
    "It does what was asked in part, or with faults that matter.",
    "It does all that was asked, and does it well.",
)
_CRITERION = {
    "id": "quality",
    "title": "Quality",
    "question": "How well does the text do what was asked?",
    "levels": [{"level": number, "descriptor": descriptor} for number, descriptor in enumerate(_LEVELS, start=1)],
}


def read(question: Question) -> Draft:
    """Return the draft of an essay item."""
    if question.declaration.cardinality != "single":
        raise NotReadable(
            f"it asks for several texts ({question.declaration.cardinality}); expected one",
            question.declaration.element,
        )
    for name in ("patternMask", "expectedLength", "expectedLines"):
        if value := question.interaction.get(name):
            question.notes.add(f"the {name} {value[:40]} is not kept", question.interaction)
    content = {"prompt": question.prompt} | ({"reference": question.passage} if question.passage else {})
    if question.passage_title:
        content["reference_title"] = question.passage_title
    key = {"exemplar": question.declaration.correct[0]} if question.declaration.correct else {}
    if notes := _for_scorers(question):
        key["notes"] = notes
    otherwise: dict[str, dict[str, Any]] = {"content": {"criteria": [_CRITERION]}, "key": {"exemplar": NO_EXEMPLAR}}
    lacking = "criteria" if "exemplar" in key else "criteria and no exemplary text"
    missing = f"QTI has no {lacking}: general ones were put in, to be made better before the item is used"
    return Draft("essay", content, key, otherwise=otherwise, missing=missing)


def _for_scorers(question: Question) -> str:
    """What rubrics say to those who score; our own criteria only where no companion file states them."""
    blocks = [
        text_of(rubric, question.notes, is_vital=False)
        for rubric in question.item.iter("rubricBlock")
        if "scorer" in rubric.get("view", "").split() and (rubric.get("class") != CRITERIA or not question.type_said)
    ]
    return "\n\n".join(block for block in blocks if block)


def write(page: Page, content: EssayContent, key: EssayKey) -> None:
    """Write an essay item; notes and criteria stand in a rubric that only scorers see."""
    page.declare("single", "string", [key.exemplar])
    page.write_passage(content.reference, content.reference_title)
    interaction = page.interact("extendedTextInteraction")
    page.write_prompt(interaction, content.prompt)
    criteria = [
        "\n".join((f"{each.title}: {each.question}", *(f"{level.level}: {level.descriptor}" for level in each.levels)))
        for each in content.criteria
    ]
    if key.notes:
        page.write_for_scorers(key.notes)
    page.write_for_scorers("\n\n".join(criteria), **{"class": CRITERIA})
