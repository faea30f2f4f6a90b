"""Items of any registered type for tests: a content, two different keys that fit it, and a response."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.domain.item_type import ItemType
from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.schemas.base import Content, InvalidKey, Key
from tests.assessments.every_type import random_items


@st.composite
def swappable_items(draw: st.DrawFn, name: str) -> tuple[Content, Key, Key, Any]:
    """A content, two keys for it that are not the same, and a response that fits it."""
    kind = ITEM_TYPES[name]
    content, key, response = draw(random_items(name))
    _content, foreign, _response = draw(random_items(name))
    others = _other_keys(kind, content, key, foreign, response)
    assume(others)
    return content, key, draw(st.sampled_from(others)), response


def _other_keys(kind: ItemType, content: Content, key: Key, foreign: Key, response: Any) -> list[Key]:
    """Keys with another answer: what a response or a simple strategy says, or what is right of another item."""
    raw = key.model_dump(mode="json")
    bases = [raw, *({field: said for field, said in raw.items() if field != left_out} for left_out in raw)]
    answers = [response, *kind.simple_strategies(content).values()]
    stated = [kind.key_with(content, answer, base) for answer in answers for base in bases]
    found = [_fitting(kind, content, said) for said in (foreign.model_dump(mode="json"), *stated)]
    return [other for other in found if other is not None and other != key]


def _fitting(kind: ItemType, content: Content, raw: dict[str, Any]) -> Key | None:
    try:
        key = kind.key.model_validate(raw)
        kind.check_key(content, key)
    except (ValidationError, InvalidKey):
        return None
    return key
