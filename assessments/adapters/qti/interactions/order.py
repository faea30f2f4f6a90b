"""orderInteraction: entries to bring into the right sequence."""

from hashlib import sha256
from typing import Any

from assessments.adapters.qti.identifiers import our_identifiers, qti_identifier
from assessments.adapters.qti.notes import NotReadable
from assessments.adapters.qti.page import Page
from assessments.adapters.qti.question import Draft, Question, choices_of, note_scoring, right_answers
from assessments.domain.schemas.order import OrderContent, OrderKey
from assessments.domain.schemas.sequences import is_better_than_chance

_ATTEMPTS = 100


def read(question: Question) -> Draft:
    """Return the draft of an order item."""
    choices = choices_of(question.interaction, "simpleChoice", question.notes)
    ids = our_identifiers((choice.identifier for choice in choices), "entry")
    answers = right_answers(question)
    for answer in answers:
        if sorted(answer) != sorted(ids):
            raise NotReadable(
                f"the right sequence names {len(answer)} of {len(ids)} entries; expected each of them once",
                question.declaration.element,
            )
    note_scoring(question)
    right, *accepted = ([ids[part] for part in answer] for answer in answers)
    texts = {ids[choice.identifier]: choice.text for choice in choices}
    shown = _shuffled(question, list(texts), [right, *accepted])
    content = question.texts | {"entries": [{"id": entry, "text": texts[entry]} for entry in shown]}
    key: dict[str, Any] = {"order": right} | ({"accepted": accepted} if accepted else {})
    return Draft("order", content, key, ids)


def _shuffled(question: Question, shown: list[str], answers: list[list[str]]) -> list[str]:
    """The entries in a sequence that gives nothing away; the same file always gives the same one."""
    if not any(is_better_than_chance(shown, answer) for answer in answers):
        return shown
    question.notes.add("its entries stood in nearly the right sequence and were shuffled", question.interaction)
    drawn = (_drawn(shown, attempt) for attempt in range(_ATTEMPTS))
    fitting = (each for each in drawn if not any(is_better_than_chance(each, answer) for answer in answers))
    return next(fitting, answers[0][::-1])


def _drawn(entries: list[str], attempt: int) -> list[str]:
    return sorted(entries, key=lambda entry: sha256(f"{attempt} {entry}".encode()).digest())


def write(page: Page, content: OrderContent, key: OrderKey) -> None:
    """Write an order item."""
    right, *accepted = ([qti_identifier(entry) for entry in sequence] for sequence in key.acceptable)
    page.declare("ordered", "identifier", right)
    page.score_by_match("ordered", accepted)
    page.write_passage(content.passage)
    interaction = page.interact("orderInteraction", shuffle="false")
    page.write_prompt(interaction, content.prompt)
    for entry in content.entries:
        page.write_choice(interaction, "simpleChoice", entry.text, identifier=qti_identifier(entry.id))
