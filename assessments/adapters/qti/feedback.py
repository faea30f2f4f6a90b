"""Feedback of an item: what is said of a wrong option is why it tempts, all else is the rationale."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from assessments.adapters.qti.notes import Notes, NotReadable
from assessments.adapters.qti.plain_text import text_of
from assessments.adapters.qti.question import Draft

NO_RATIONALE = "The file that this item was read from gives no reason for the right answer."
_OPTIONS = ("simpleChoice", "simpleAssociableChoice")


@dataclass(frozen=True, slots=True)
class Feedback:
    """The rationale of an item, and by option why a wrong one tempts."""

    rationale: str
    temptations: Mapping[str, str]


def feedback_of(item: etree._Element, draft: Draft, notes: Notes) -> Feedback:
    """Return the feedback of an item; the same text is kept once."""
    general: dict[str, None] = {}
    temptations: dict[str, str] = {}
    for element in item.iter("modalFeedback", "feedbackBlock", "feedbackInline"):
        try:
            text = text_of(element, notes, is_vital=False)
        except NotReadable as fault:
            notes.add(f"feedback was left out: {fault}", element)
            continue
        option = draft.ids.get(_option_of(element, draft))
        if option in draft.wrong and text:
            temptations.setdefault(option, text)
        elif text:
            general.setdefault(text)
    if not general:
        notes.add("no rationale was in the file; a sentence that says so stands in its place", item)
    return Feedback("\n\n".join(general) or NO_RATIONALE, temptations)


def _option_of(element: etree._Element, draft: Draft) -> str:
    """The option that feedback is about: the one around it, or the one whose name it bears."""
    for ancestor in element.iterancestors(*_OPTIONS):
        return ancestor.get("identifier", "").strip()
    return element.get("identifier", "").strip()
