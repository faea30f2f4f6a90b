"""Laws that one item of any type keeps, whatever its content, key and response."""

from fractions import Fraction

from hypothesis import strategies as st

from assessments.domain.item_type import ItemType
from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from tests.assessments.item_strategies import Triple


def check_laws(kind: ItemType, item: Triple) -> None:
    """Assert what every type promises of its scores, its full response, its keys and its strategies."""
    content, key, response = item
    kind.check_key(content, key)
    kind.check_response(content, response)
    _check_points(kind, item)
    full = kind.full_response(content, key)
    kind.check_response(content, full)
    assert kind.score(content, key, full).points == 1
    assert kind.score(content, key, kind.response()).points == 0
    _check_key_with(kind, item)
    for answer in kind.simple_strategies(content).values():
        kind.check_response(content, answer)
    for shape, value in zip((kind.content, kind.key, kind.response), item, strict=True):
        assert shape.model_validate_json(value.model_dump_json()) == value
    assert parse_response(kind.name, content, response.model_dump(mode="json")) == response


def check_anything_from_outside(kind: ItemType, item: Triple, raw: object) -> None:
    """Assert that what comes from outside becomes a scored response or is refused in a short sentence."""
    content, key, _ = item
    response = refusal = None
    try:
        response = parse_response(kind.name, content, raw)
    except InvalidResponse as raised:
        refusal = str(raised)
    if response is None:
        assert 0 < len((refusal or "").encode()) < 300
    else:
        assert 0 <= kind.score(content, key, response).points <= 1


def anything(fields: list[str], values: list[object]) -> st.SearchStrategy[object]:
    """Any JSON, often with the fields and values that a type knows."""
    leaf = st.sampled_from(values) | st.none() | st.booleans() | st.integers() | st.floats()
    names = st.sampled_from(fields)
    nested = st.recursive(
        leaf | st.text(st.characters(codec=None)),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(), inner, max_size=4),
        max_leaves=12,
    )
    return st.dictionaries(names, nested, max_size=len(fields)) | nested


def _check_points(kind: ItemType, item: Triple) -> None:
    score = kind.score(*item)
    assert isinstance(score.points, Fraction)
    assert 0 <= score.points <= 1
    assert all(isinstance(part.points, Fraction) and 0 <= part.points <= 1 for part in score.parts)
    assert sum(part.weight for part in score.parts) == 1
    assert sum(part.points * part.weight for part in score.parts) == score.points


def _check_key_with(kind: ItemType, item: Triple) -> None:
    content, key, _ = item
    full = kind.full_response(content, key)
    stated = kind.key.model_validate(kind.key_with(content, full, {}))
    assert kind.full_response(content, stated) == full
    kept = kind.key.model_validate(kind.key_with(content, full, key.model_dump(mode="json")))
    assert kept == key
