"""What the page of an item shows: its form with the faults in it, the controls of the key, and a preview."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from pydantic import ValidationError

from assessments.domain.item_type import ItemType
from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import Content, InvalidKey, InvalidResponse
from assessments.domain.temptations import missing_temptations
from assessments.web.author.item_form import REASONS, ItemForm, content_form, particulars_form, with_wrong_answers
from assessments.web.author.key_editor import (
    PREFIX,
    fitting_key,
    form_of_exact,
    form_of_rest,
    hidden_fields,
)
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.schema_forms_faults import Faults, faults_of, joined
from assessments.web.schema_forms_labels import TITLES, title_of

PREVIEW_PREFIX = "preview-"
SHOWN_OF_AN_ANSWER = 120  # characters


def editor_values(typed: ItemForm, *, is_published: bool, is_judged: bool) -> dict[str, Any]:
    """What the template of the editor takes; with `is_judged` all that is missing or wrong is said at its place."""
    content = typed.parsed
    nothing = Faults()
    key_faults = key_faults_of(typed) if is_judged else nothing
    titles = answer_titles(typed.content)
    return {
        "kind": typed.kind,
        "type_title": _(typed.kind.title),
        "task": _(typed.kind.task),
        "content_field": content_form(typed.kind).show(
            typed.content, faults_of(typed.kind.content, typed.content) if is_judged else nothing
        ),
        "rest_field": form_of_rest(typed.kind.name).show(typed.key.key, _fields_only(key_faults, typed, True), titles),
        "exact_field": form_of_exact(typed.kind.name).show(
            typed.key.key, _fields_only(key_faults, typed, False), titles
        ),
        "key_sentences": _key_sentences(typed, key_faults, is_judged),
        "reasons_field": REASONS.show(
            with_wrong_answers(typed), _reasons_faults(typed) if is_judged else nothing, titles
        ),
        "particulars_field": particulars_form(is_published).show(
            typed.particulars,
            faults_of(particulars_form(is_published).model, typed.particulars) if is_judged else nothing,
        ),
        "particulars": typed.particulars,
        "controls": shown_item(typed.kind, content, typed.key.answer, PREFIX) if content is not None else None,
        "hidden": hidden_fields(typed.kind, content, typed.key),
        "preview": preview_of(typed),
        "is_judged": is_judged,
        "has_faults": is_judged and bool(all_faults(typed)),
    }


def shown_item(kind: ItemType, content: Content, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """An item as the template of its type takes it, with an answer in it, also one that does not fit."""
    view = ITEM_VIEWS[kind.name]
    response = kind.response.model_validate({})
    shown: Any = answer
    with suppress(InvalidResponse):  # else it is shown as it was typed
        shown = response = parse_response(kind.name, content, answer)
    return {
        "template": view.template,
        "content": content,
        "response": response,
        "view": view.context(content, shown),
        "prefix": prefix,
    }


def preview_of(typed: ItemForm) -> dict[str, Any]:
    """The item as a candidate will see it, or why that cannot be shown yet."""
    content = typed.parsed
    if content is not None:
        return {"item": shown_item(typed.kind, content, {}, PREVIEW_PREFIX), "lacking": []}
    faults = faults_of(typed.kind.content, typed.content)
    return {"item": None, "lacking": list(faults.beside(()))}


def render_preview(typed: ItemForm) -> str:
    return render_template("assessments/author/item_preview.html", preview=preview_of(typed))


def all_faults(typed: ItemForm) -> Faults:
    """All that stands in the way of a second person's decision, but for near duplicates."""
    content = faults_of(typed.kind.content, typed.content)
    particulars = faults_of(particulars_form(False).model, typed.particulars)
    return joined([content, key_faults_of(typed), _reasons_faults(typed), particulars])


def key_faults_of(typed: ItemForm) -> Faults:
    """What is wrong with the key, by itself and with this content."""
    faults = faults_of(typed.kind.key, typed.key.key)
    content = typed.parsed
    if faults or content is None:
        return faults
    try:
        typed.kind.check_key(content, typed.kind.key.model_validate(typed.key.key))
    except InvalidKey as fault:
        sentence = str(fault)
        return Faults((((), sentence[:1].upper() + sentence[1:] + "."),))
    return faults


def answer_titles(content: Any) -> dict[str, str]:
    """What the ids in a raw content stand for: the beginning of the text or title beside them."""
    titles: dict[str, str] = {}
    if isinstance(content, dict):
        said = content.get("title") or content.get("text")
        if isinstance(content.get("id"), str) and isinstance(said, str):
            line = " ".join(said.split())
            titles[content["id"]] = line[:SHOWN_OF_AN_ANSWER] + ("…" if len(line) > SHOWN_OF_AN_ANSWER else "")
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for value in inner:
        titles |= answer_titles(value)
    return titles


def _reasons_faults(typed: ItemForm) -> Faults:
    """Faults of the reasons as they will be kept, and the wrong answers of which nobody has said why they tempt."""
    kept = typed.written.reasons
    faults = faults_of(REASONS.model, kept)
    content = typed.parsed
    key = fitting_key(typed.kind, content, typed.key.key) if content is not None else None
    said = kept.get("temptations")
    if key is None or not isinstance(said, dict):
        return faults
    missing = missing_temptations(typed.kind, content, key, said)  # type: ignore[arg-type]  # a key has a content
    if typed.kind.wrong_answers(content, key) is None and missing:
        return joined(
            [faults, Faults(((("temptations",), _("Name a wrong answer at least, and say why it tempts.")),))]
        )
    sentences = tuple((("temptations", one), _("Say why somebody would answer this.")) for one in missing)
    return joined([faults, Faults(sentences)])


def _fields_only(faults: Faults, typed: ItemForm, of_rest: bool) -> Faults:
    """The faults of the fields that one of the two forms of a key shows."""
    form = form_of_rest(typed.kind.name) if of_rest else form_of_exact(typed.kind.name)
    names = {part.name for part in form.control.parts}
    return Faults(tuple((way, said) for way, said in faults.entries if way and str(way[0]) in names))


def _key_sentences(typed: ItemForm, faults: Faults, is_judged: bool) -> list[str]:
    """What is to be said above the controls of the key."""
    sentences = [typed.key.fault] if typed.key.fault else []
    if is_judged and typed.written.answer is not None and typed.parsed is not None and not sentences:
        sentences.append(_("State the right answer with the controls."))
    return [*sentences, *_unseen(faults, typed)]


def _unseen(faults: Faults, typed: ItemForm) -> tuple[str, ...]:
    """The faults of the key as a whole, and of the fields that only the controls state."""
    seen = {part.name for name in (form_of_rest, form_of_exact) for part in name(typed.kind.name).control.parts}
    return faults.beside(seen)


def place_in_words(place: tuple[str, ...]) -> str:
    """The way to a value: "Options › b › Text"."""
    return " › ".join(title_of(step) if step in TITLES or "_" in step else step for step in place)


def parsed_or_none(kind: ItemType, raw: Mapping[str, Any]) -> Content | None:
    """The content, when it is one that the type takes."""
    try:
        return kind.content.model_validate(raw)
    except ValidationError:
        return None


def locked_key(kind: ItemType, content: Content, key: Mapping[str, Any]) -> dict[str, Any] | None:
    """The item with the answer that a finished key states; None while the key is unfinished."""
    finished = fitting_key(kind, content, key)
    if finished is None:
        return None
    answer = kind.full_response(content, finished).model_dump(mode="json")
    return shown_item(kind, content, answer, "right-")
