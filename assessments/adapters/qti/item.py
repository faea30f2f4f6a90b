"""An item is read: its one interaction is found, the texts around it are sorted into question and passage."""

from collections.abc import Callable, Sequence

from lxml import etree

from assessments.adapters.qti.declarations import declaration_of
from assessments.adapters.qti.flow import around_place, with_blank
from assessments.adapters.qti.interactions import choice, extended_text, match, order, text_entry
from assessments.adapters.qti.markup import PASSAGE, PASSAGE_TITLE
from assessments.adapters.qti.notes import Notes, NotReadable
from assessments.adapters.qti.plain_text import all_text, text_of
from assessments.adapters.qti.processing import processing_of
from assessments.adapters.qti.question import Draft, Question

READERS: dict[str, Callable[[Question], Draft]] = {
    "choiceInteraction": choice.read,
    "extendedTextInteraction": extended_text.read,
    "matchInteraction": match.read,
    "orderInteraction": order.read,
    "textEntryInteraction": text_entry.read,
}
_READ_HERE = {"responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"}
_READ_HERE |= {"assessmentStimulusRef", "stylesheet"}  # the first by whoever opens files, the second shapes looks alone


def draft_of(item: etree._Element, stimuli: Sequence[str], type_said: str | None, notes: Notes) -> Draft:
    """Return what an item of plain names is read into; `stimuli` are the texts that it refers to.

    Raises NotReadable where no item of ours can be made of it.
    """
    _refuse_templates(item)
    body = item.find("itemBody")
    if body is None:
        raise NotReadable("it has no item body", item)
    interaction = _only_interaction(body, notes)
    _note_left_out(item, notes)
    declaration = declaration_of(item, interaction)
    prompt, passages = _texts(body, interaction, notes)
    if not prompt:
        prompt = item.get("title", "").strip()
        notes.add("it has no question but its title, which stands in its place", item)
    division = body.find(f".//div[@class='{PASSAGE}']")
    title = None if division is None else division.find(f"h2[@class='{PASSAGE_TITLE}']")
    own = [] if division is None else [text_of(division, notes)]
    question = Question(
        item=item,
        interaction=interaction,
        declaration=declaration,
        processing=processing_of(item, declaration.identifier),
        prompt=prompt,
        passage="\n\n".join(text for text in (*stimuli, *own, *passages) if text) or None,
        notes=notes,
        passage_title=None if title is None else all_text(title).strip() or None,
        type_said=type_said,
    )
    return READERS[str(interaction.tag)](question)


def _refuse_templates(item: etree._Element) -> None:
    for name in ("templateDeclaration", "templateProcessing"):
        if (found := item.find(name)) is not None:
            raise NotReadable("it is a template from which items are drawn; templates are not read", found)


def _only_interaction(body: etree._Element, notes: Notes) -> etree._Element:
    """The one interaction of an item; a button that ends the attempt is left out."""
    found = [element for element in body.iter("*") if etree.QName(element).localname.endswith("Interaction")]
    for element in found:
        if element.tag == "endAttemptInteraction":
            notes.add(f"its button {element.get('title', '')!r:.60} was left out", element)
    found = [element for element in found if element.tag != "endAttemptInteraction"]
    if not found:
        raise NotReadable("it has no interaction, so there is nothing to answer", body)
    for element in found:
        if element.tag not in READERS:
            raise NotReadable(f"its interaction is {element.tag}; read are {', '.join(READERS)}", element)
    if len(found) > 1:
        names = ", ".join(str(element.tag) for element in found)
        raise NotReadable(f"it has {len(found)} interactions ({names:.120}); an item here has one", found[1])
    return found[0]


def _note_left_out(item: etree._Element, notes: Notes) -> None:
    if item.get("adaptive") == "true":
        notes.add("it is adaptive: several tries with hints become one try", item)
    for element in item.iterchildren("*"):
        if element.tag not in _READ_HERE:
            notes.add(f"<{etree.QName(element).localname}> was left out", element)
    for rubric in item.iter("rubricBlock"):
        views = rubric.get("view", "").split()
        if not {"candidate", "scorer"} & set(views):
            notes.add(f"a rubric for {', '.join(views) or 'nobody'} was left out", rubric)


def _texts(body: etree._Element, interaction: etree._Element, notes: Notes) -> tuple[str, list[str]]:
    """The question, and texts that it is about: what stands around an interaction that has a prompt of its own."""
    around = text_of(body, notes, place=interaction)
    if interaction.tag == "textEntryInteraction":
        return with_blank(around), []
    element = interaction.find("prompt")
    prompt = "" if element is None else text_of(element, notes)
    around = around_place(around)
    return (prompt, [around]) if prompt else (around, [])
