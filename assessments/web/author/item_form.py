"""The form of an item as a whole: content, key, reasons and particulars, opened from what is stored or as posted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from assessments.domain.item_type import ItemType
from assessments.domain.schemas.base import Content
from assessments.domain.written_items import Written
from assessments.operations.checking_items import Particulars, Reasons
from assessments.web.author.key_editor import (
    FIELDS,
    KeyState,
    answer_to_keep,
    fitting_key,
    open_key,
    read_key,
    settle,
)
from assessments.web.schema_forms import SchemaForm

FIXED = ("bank", "identifier")  # once the item is published
REASONS = SchemaForm(Reasons, "reasons")

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class ItemForm:
    """All that is written of an item, as the form has it."""

    kind: ItemType
    content: dict[str, Any]
    key: KeyState
    reasons: dict[str, Any]
    particulars: dict[str, Any]

    @property
    def parsed(self) -> Content | None:
        """The content, when it is one that the type takes."""
        try:
            return self.kind.content.model_validate(self.content)
        except ValidationError:
            return None

    @property
    def written(self) -> Written:
        """What to keep."""
        answer = answer_to_keep(self.kind, self.parsed, self.key)
        return Written(self.content, self.key.key, _without_empty(self.reasons), self.particulars, answer)

    @property
    def wrong_answers(self) -> list[str] | None:
        """The answers that need a reason why they tempt; None where they cannot be listed, or not yet."""
        content = self.parsed
        key = fitting_key(self.kind, content, self.key.key) if content is not None else None
        listed = self.kind.wrong_answers(content, key) if key is not None else None
        return None if listed is None else list(listed)


def content_form(kind: ItemType) -> SchemaForm:
    return SchemaForm(kind.content, "content")


def particulars_form(is_published: bool) -> SchemaForm:
    """Bank and identifier of a published item stay what they are."""
    return SchemaForm(Particulars, "particulars", frozenset(FIXED if is_published else ()))


def begin_form(kind: ItemType, bank: str) -> ItemForm:
    """The form of a new item."""
    particulars = particulars_form(False).begin() | {"bank": bank, "use": "test", "difficulty": "medium"}
    return ItemForm(
        kind=kind,
        content=content_form(kind).begin(),
        key=KeyState({**SchemaForm(kind.key, FIELDS).begin()}, {}),
        reasons=REASONS.begin(),
        particulars=particulars,
    )


def open_form(kind: ItemType, written: Written) -> ItemForm:
    """The form of what is stored."""
    content = dict(written.content)
    shape = ItemForm(kind, content, KeyState({}, {}), dict(written.reasons), dict(written.particulars))
    return replace(shape, key=open_key(kind, shape.parsed, written.key, written.answer))


def read_form(kind: ItemType, form: Form, fixed: Mapping[str, Any] | None = None) -> ItemForm:
    """The form as it was posted; `fixed` are the particulars of a published item that stay."""
    typed = ItemForm(
        kind=kind,
        content=content_form(kind).read(form),
        key=read_key(kind, form),
        reasons=REASONS.read(form),
        particulars={**particulars_form(fixed is not None).read(form), **(fixed or {})},
    )
    return replace(typed, key=settle(kind, typed.parsed, typed.key))


def change_form(typed: ItemForm, wish: str) -> tuple[ItemForm, str]:
    """The form with a row more, less or elsewhere, as a button asks, and the name of the field to look at then."""
    section = wish.partition(":")[2].partition(".")[0]
    if section == "content":
        content, focus = content_form(typed.kind).change(typed.content, wish)
        changed = replace(typed, content=content)
        return replace(changed, key=settle(typed.kind, changed.parsed, typed.key)), focus
    if section == FIELDS:
        key, focus = SchemaForm(typed.kind.key, FIELDS).change(typed.key.key, wish)
        return replace(typed, key=settle(typed.kind, typed.parsed, replace(typed.key, key=key))), focus
    if section == "reasons":
        reasons, focus = REASONS.change(typed.reasons, wish)
        return replace(typed, reasons=reasons), focus
    particulars, focus = particulars_form(False).change(typed.particulars, wish)
    return replace(typed, particulars=particulars), focus


def with_wrong_answers(typed: ItemForm) -> dict[str, Any]:
    """The reasons to show: with a place for each wrong answer that has none yet, and none for what is not wrong."""
    said, wrong = typed.reasons.get("temptations"), typed.wrong_answers
    if not isinstance(said, dict) or wrong is None:
        return typed.reasons
    kept = {one: why for one, why in said.items() if why not in (None, "") or one in wrong or not one}
    return {**typed.reasons, "temptations": {**kept, **{one: "" for one in wrong if one not in kept}}}


def _without_empty(reasons: dict[str, Any]) -> dict[str, Any]:
    """Reasons without the places that were left empty."""
    said = reasons.get("temptations")
    if not isinstance(said, dict):
        return reasons
    return {**reasons, "temptations": {one: why for one, why in said.items() if why not in (None, "")}}
