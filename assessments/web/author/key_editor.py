"""Stating a key with the controls that a candidate has, and the rest of it, or all of it exactly, in a form."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import compress, decompressobj
from zlib import error as zlib_error

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from assessments.domain.item_type import ItemType
from assessments.domain.item_types import item_type, parse_response
from assessments.domain.schemas.base import Content, InvalidKey, InvalidResponse, Key, Response
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.schema_forms import SchemaForm
from assessments.web.schema_forms_controls import Control, Maybe, Scalar, group_of
from assessments.web.schema_forms_texts import is_blank, parse_json

PREFIX = "key-"  # of the candidate's controls
FIELDS = "key"  # of the generated form
CONTENT = "key~content"  # the content by which the controls on the page were made, as JSON, packed to be short
SHOWN = "key~shown"  # the answer that they showed, as JSON
PENDING = "key~pending"  # that answer is not in the key yet
LONGEST_CONTENT = 2_000_000  # bytes, unpacked
BASE = "key~base"  # the fields of the key that the form does not show, as JSON


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key being written: its raw value, the raw answer that the controls show, and what was wrong with that.

    `is_pending`: the answer could not be brought into the key yet.
    """

    key: Mapping[str, Any]
    answer: Mapping[str, Any]
    is_pending: bool = False
    fault: str = ""


@cache
def stated_fields(type_name: str) -> frozenset[str]:
    """The fields of a key that change with the answer, as the type's examples show, or that answers have as well."""
    kind = item_type(type_name)
    said: dict[str, list[Any]] = {}
    for example in kind.examples:
        strategies = kind.simple_strategies(example.content).values()
        for answer in (kind.full_response(example.content, example.key), kind.response(), *strategies):
            for name, value in kind.key_with(example.content, answer, {}).items():
                said.setdefault(name, []).append(value)
    return frozenset(
        name
        for name, values in said.items()
        if name in kind.response.model_fields or any(value != values[0] for value in values)
    )


@cache
def exact_fields(type_name: str) -> frozenset[str]:
    """Of the stated fields those that can say more than an answer does: votes, ties, what is critical."""
    kind, stated = item_type(type_name), stated_fields(type_name)
    answers = {part.name: _bare(part.control) for part in group_of(kind.response).parts}
    return frozenset(
        part.name
        for part in group_of(kind.key).parts
        if part.name in stated
        and not isinstance(_bare(part.control), Scalar)
        and answers.get(part.name) != _bare(part.control)
    )


def form_of_rest(type_name: str) -> SchemaForm:
    """The form of what an answer does not state."""
    return SchemaForm(item_type(type_name).key, FIELDS, stated_fields(type_name))


def form_of_exact(type_name: str) -> SchemaForm:
    """The form of what an answer states, where more can be said."""
    model = item_type(type_name).key
    return SchemaForm(model, FIELDS, frozenset(model.model_fields) - exact_fields(type_name))


def open_key(
    kind: ItemType, content: Content | None, key: Mapping[str, Any], answer: Mapping[str, Any] | None
) -> KeyState:
    """A stored key with the answer to show: what a finished key says, else what was last stated."""
    if answer is None:
        return settle(kind, content, KeyState(key, {}), is_said=True)
    is_pending = _is_answered(kind, answer) and not _says(kind, content, key, answer)
    return settle(kind, content, KeyState(key, answer, is_pending))


def read_key(kind: ItemType, form: MultiDict[str, str]) -> KeyState:
    """The key that a posted form states.

    The controls count where they were changed, or showed what the key did not say yet; else the form counts.
    """
    typed = _typed_key(kind, form)
    made_for = _content_from(kind, form.get(CONTENT, ""))
    shown = _object(form.get(SHOWN, ""))
    if made_for is None:
        return KeyState(typed, shown, is_pending=bool(form.get(PENDING)))
    answer = ITEM_VIEWS[kind.name].read_form(made_for, form, PREFIX)
    try:
        response = parse_response(kind.name, made_for, answer)
    except InvalidResponse as fault:
        return KeyState(typed, answer, is_pending=True, fault=str(fault))
    if not form.get(PENDING) and _same_answer(kind, made_for, response, shown):
        return KeyState(typed, answer)
    merged = _merged(kind, made_for, response, typed)
    return KeyState(typed, answer, is_pending=True) if merged is None else KeyState(merged, answer)


def settle(kind: ItemType, content: Content | None, state: KeyState, *, is_said: bool = False) -> KeyState:
    """The state as the next page shows it: a finished key is shown by the answer that it states.

    A key that says nothing may be finished too, for instance where a text has no error; unless it `is_said` to be
    so, it is not taken for an answer that nobody gave.
    """
    finished = None if content is None or state.is_pending else fitting_key(kind, content, state.key)
    if content is None or finished is None or not (is_said or _says_something(kind, state.key)):
        return state
    return KeyState(state.key, kind.full_response(content, finished).model_dump(mode="json"))


def answer_to_keep(kind: ItemType, content: Content | None, state: KeyState) -> dict[str, Any] | None:
    """What to store of the answer: nothing once the key says it all."""
    if content is None or state.is_pending or fitting_key(kind, content, state.key) is None:
        return dict(state.answer)
    is_answered = _says_something(kind, state.key) or _is_answered(kind, state.answer)
    return None if is_answered else dict(state.answer)


def fitting_key(kind: ItemType, content: Content, raw: Mapping[str, Any]) -> Key | None:
    """The key, when it is finished and fits the content."""
    try:
        key = kind.key.model_validate(raw)
        kind.check_key(content, key)
    except (ValidationError, InvalidKey):
        return None
    return key


def hidden_fields(kind: ItemType, content: Content | None, state: KeyState) -> dict[str, str]:
    """What the form carries so that the next post can be read; the content only where controls are shown."""
    unseen = stated_fields(kind.name) - exact_fields(kind.name)
    hidden = {
        SHOWN: _json(state.answer),
        BASE: _json({name: value for name, value in state.key.items() if name in unseen}),
    }
    if content is not None:
        hidden[CONTENT] = _pack(_json(content.model_dump(mode="json")))
    return hidden | ({PENDING: "1"} if state.is_pending else {})


def _typed_key(kind: ItemType, form: MultiDict[str, str]) -> dict[str, Any]:
    unseen = stated_fields(kind.name) - exact_fields(kind.name)
    base = {name: value for name, value in _object(form.get(BASE, "")).items() if name in unseen}
    return {**base, **form_of_exact(kind.name).read(form), **form_of_rest(kind.name).read(form)}


def _same_answer(kind: ItemType, content: Content, response: Response, shown: Mapping[str, Any]) -> bool:
    """Whether two answers state the same key; what is no part of a key, such as confidence, does not count."""
    try:
        before = parse_response(kind.name, content, shown)
    except InvalidResponse:
        return False
    return kind.key_with(content, response, {}) == kind.key_with(content, before, {})


def _says(kind: ItemType, content: Content | None, key: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether an unfinished key says what the answer states."""
    try:
        return content is not None and _merged(kind, content, parse_response(kind.name, content, answer), key) == key
    except InvalidResponse:
        return False


def _merged(kind: ItemType, content: Content, response: Response, typed: Mapping[str, Any]) -> dict[str, Any] | None:
    """The typed key with what the answer states; None while it holds something in the place of that which is faulty.

    Other faulty fields stay as they are, out of the way of the type's code.
    """
    faulty = {name for name in _faulty_fields(kind, typed) if not is_blank(typed[name])}
    if faulty & stated_fields(kind.name):
        return None
    aside = {name: value for name, value in typed.items() if name in faulty or is_blank(value)}
    sound = {name: value for name, value in typed.items() if name not in aside}
    return {**aside, **kind.key_with(content, response, sound), **{name: typed[name] for name in faulty}}


def _says_something(kind: ItemType, key: Mapping[str, Any]) -> bool:
    return any(not is_blank(key.get(name)) for name in stated_fields(kind.name))


def _is_answered(kind: ItemType, answer: Mapping[str, Any]) -> bool:
    """Whether the controls state anything, be it wrong."""
    try:
        return ITEM_VIEWS[kind.name].is_answered(kind.response.model_validate(answer))
    except ValidationError:
        return True


def _faulty_fields(kind: ItemType, typed: Mapping[str, Any]) -> set[str]:
    try:
        kind.key.model_validate(typed)
    except ValidationError as error:
        return {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} & typed.keys()
    return set()


def _bare(control: Control) -> Control:
    return control.inner if isinstance(control, Maybe) else control


def _content_from(kind: ItemType, packed: str) -> Content | None:
    try:
        return kind.content.model_validate(_object(_unpack(packed)))
    except ValidationError:
        return None


def _pack(text: str) -> str:
    return urlsafe_b64encode(compress(text.encode())).decode()


def _unpack(packed: str) -> str:
    """What was packed; an empty text for anything else, or where it would unfold to more than a form may hold."""
    unfolding = decompressobj()
    try:
        return unfolding.decompress(urlsafe_b64decode(packed), LONGEST_CONTENT).decode() if packed else ""
    except (ValueError, zlib_error):
        return ""


def _object(text: str) -> dict[str, Any]:
    value = parse_json(text)
    return value if isinstance(value, dict) else {}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
