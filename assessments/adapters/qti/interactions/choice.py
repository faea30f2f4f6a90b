"""choiceInteraction: a choice, or true and false where its two options say just that."""

from typing import Any

from assessments.adapters.qti.identifiers import our_identifiers, qti_identifier
from assessments.adapters.qti.notes import NotReadable
from assessments.adapters.qti.page import Page
from assessments.adapters.qti.question import Choice, Draft, Question, choices_of, note_scoring, right_answers
from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey
from assessments.domain.schemas.true_false import TrueFalseContent, TrueFalseKey, Truth


def read(question: Question) -> Draft:
    """Return the draft of a choice or true-false item."""
    choices = choices_of(question.interaction, "simpleChoice", question.notes)
    answers = _known(question, choices)
    is_single = question.declaration.cardinality == "single" or question.interaction.get("maxChoices") == "1"
    note_scoring(question)
    truths = {choice.identifier: choice.text.strip(" .").lower() for choice in choices}
    is_one_of_two = len(answers) == len(answers[0]) == 1 and sorted(truths.values()) == ["false", "true"]
    if is_one_of_two and question.type_said != "choice":
        return _true_false(question, truths, answers[0][0])
    return _choice(question, choices, answers, many=not is_single)


def _known(question: Question, choices: tuple[Choice, ...]) -> tuple[tuple[str, ...], ...]:
    """The right answers, all of whose parts must be choices that there are."""
    answers = right_answers(question)
    names = {choice.identifier for choice in choices}
    for answer in answers:
        if unknown := set(answer) - names:
            named = ", ".join(sorted(unknown))
            raise NotReadable(f"the right answer names {named:.80}, which is no choice", question.declaration.element)
    return answers


def _true_false(question: Question, truths: dict[str, str], answer: str) -> Draft:
    content = {"statement": question.prompt} | ({"passage": question.passage} if question.passage else {})
    key = {"answer": truths[answer]}
    wrong = frozenset(truths.values()) - {key["answer"]}
    return Draft("true-false", content, key, truths, wrong)


def _choice(question: Question, choices: tuple[Choice, ...], answers: tuple[tuple[str, ...], ...], many: bool) -> Draft:
    ids = our_identifiers((choice.identifier for choice in choices), "option")
    options = [{"id": ids[choice.identifier], "text": choice.text} for choice in choices]
    right, *accepted = ([ids[part] for part in answer] for answer in answers)
    key: dict[str, Any] = {"choices": right} | ({"accepted": accepted} if accepted else {})
    ticked = frozenset(right).union(*accepted)
    content = question.texts | {"options": options, "many": many}
    return Draft("choice", content, key, ids, frozenset(ids.values()) - ticked)


def write_choice(page: Page, content: ChoiceContent, key: ChoiceKey) -> None:
    """Write a choice item."""
    cardinality = "multiple" if content.many else "single"
    right, *accepted = ([qti_identifier(option) for option in sorted(ticked)] for ticked in key.acceptable)
    page.declare(cardinality, "identifier", right)
    page.score_by_match(cardinality, accepted)
    options = [(qti_identifier(option.id), option.text) for option in content.options]
    _write(page, content.passage, content.prompt, options, most=0 if content.many else 1)


def write_true_false(page: Page, content: TrueFalseContent, key: TrueFalseKey) -> None:
    """Write a true-false item as a choice of two options."""
    page.declare("single", "identifier", [key.answer])
    page.score_by_match("single", [])
    _write(page, content.passage, content.statement, [(truth, truth.capitalize()) for truth in Truth], most=1)


def _write(page: Page, passage: str | None, prompt: str, options: list[tuple[str, str]], most: int) -> None:
    page.write_passage(passage)
    interaction = page.interact("choiceInteraction", maxChoices=str(most), shuffle="false")
    page.write_prompt(interaction, prompt)
    for identifier, text in options:
        page.write_choice(interaction, "simpleChoice", text, identifier=identifier)
