"""A question as the interactions see it: the texts around them, the answers declared, and how these are scored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from assessments.adapters.qti.declarations import Declaration
from assessments.adapters.qti.notes import Notes, NotReadable
from assessments.adapters.qti.plain_text import text_of
from assessments.adapters.qti.processing import CUSTOM, MAP, Processing

_MOST_CHOICES = 10


@dataclass(frozen=True, slots=True)
class Question:
    """One item with one interaction.

    `type_said` is the type that our own companion file names, for interactions that can be read as one of two.
    """

    item: etree._Element
    interaction: etree._Element
    declaration: Declaration
    processing: Processing
    prompt: str
    passage: str | None
    notes: Notes
    passage_title: str | None = None
    type_said: str | None = None

    @property
    def texts(self) -> dict[str, Any]:
        """The fields `prompt` and, where there is one, `passage`."""
        return {"prompt": self.prompt} | ({"passage": self.passage} if self.passage else {})


@dataclass(frozen=True, slots=True)
class Draft:
    """What an interaction was read into: raw content and key of a type.

    `ids` are our ids of the options by those of the file; `wrong` those of ours that are wrong answers.
    `otherwise` are fields of content and key that QTI has no place for: they hold where no companion file states
    them, and `missing` says so.
    """

    type: str
    content: dict[str, Any]
    key: dict[str, Any]
    ids: Mapping[str, str] = field(default_factory=dict)
    wrong: frozenset[str] = frozenset()
    otherwise: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option, an entry to order, or one side of a match."""

    identifier: str
    text: str


def choices_of(parent: etree._Element, tag: str, notes: Notes) -> tuple[Choice, ...]:
    """Return the choices among the children of an element; each must have a name of its own and a text."""
    found: dict[str, Choice] = {}
    number = sum(1 for _ in parent.iterchildren(tag))
    if number > _MOST_CHOICES:
        raise NotReadable(f"it has {number} choices; an item here has at most {_MOST_CHOICES}", parent)
    for element in parent.iterchildren(tag):
        identifier = element.get("identifier", "").strip()
        text = text_of(element, notes)
        if not identifier or identifier in found:
            raise NotReadable(f"two choices are called {identifier or '(nothing)'}; expected one name each", element)
        if not text:
            raise NotReadable(f"the choice {identifier} has no text; items are plain text", element)
        found[identifier] = Choice(identifier, text)
    return tuple(found.values())


def right_answers(question: Question) -> tuple[tuple[str, ...], ...]:
    """Return the right answer and further ones that are worth as much, each as its parts.

    Raises NotReadable when nothing in the item says what is right.
    """
    declaration, processing = question.declaration, question.processing
    first = [declaration.correct] if declaration.correct else []
    if processing.kind == MAP or not first:
        first = list(dict.fromkeys((*first, *_mapped(declaration, bool(first)))))
    alternatives = [one.values for one in processing.comparisons if one.values is not None]
    if not processing.is_understood:
        known = set(first)
        alternatives = [values for values in dict.fromkeys(alternatives) if values not in known]
    if not first and not alternatives:
        raise NotReadable("nothing in it says which answer is right; surveys are not read", declaration.element)
    return (*first, *alternatives)


def _mapped(declaration: Declaration, is_known: bool) -> list[tuple[str, ...]]:
    """Right answers by their worth: each of the best where one is given, else all parts that are worth something."""
    if declaration.cardinality == "single":
        return [(answer,) for answer in declaration.best]
    worth_something = tuple(entry.answer for entry in declaration.mapping if entry.worth > 0)
    return [worth_something] if worth_something and not is_known else []


def note_scoring(question: Question) -> None:
    """Note where points are given otherwise than the file says."""
    processing, declaration = question.processing, question.declaration
    if processing.kind == CUSTOM and not processing.is_understood:
        question.notes.add(
            "its response processing is custom; it is scored by our own rule instead", processing.element
        )
    elif processing.kind == MAP and len({entry.worth for entry in declaration.mapping}) > 1:
        worth = ", ".join(f"{entry.answer}: {entry.worth}" for entry in declaration.mapping)
        question.notes.add(
            f"its weights ({worth:.200}) are not kept; it is scored by our own rule instead", declaration.element
        )
