"""Laws that every item type keeps, and how responses from outside are read."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.item_types import ITEM_TYPES, UnknownItemType, item_type, parse_response
from assessments.domain.schemas.base import InvalidResponse
from tests.assessments.item_strategies import CATEGORIES, ITEMS

ANY_ITEM = st.sampled_from(sorted(ITEMS)).flatmap(lambda name: st.tuples(st.just(name), ITEMS[name]))
ANY_FIELD = st.sampled_from(
    ["choices", "label", "evidence", "confidence", "spans", "no_errors", "levels", "start", "end", "category", "c0"]
)
ANY_VALUE = st.sampled_from(["o0", "supported", "clear", *CATEGORIES]) | st.none() | st.booleans()
ANY_JSON = st.recursive(
    ANY_VALUE | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_FIELD | st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_the_registry_has_every_type_under_its_name():
    assert {"choice", "claim-verdict", "span-highlight", "rubric-score"} <= ITEM_TYPES.keys()
    assert list(ITEM_TYPES) == sorted(ITEM_TYPES)
    assert all(item_type(name).name == name for name in ITEM_TYPES)


def test_an_unknown_type_is_refused_with_the_list_of_types():
    with pytest.raises(UnknownItemType, match="choice, claim-verdict"):
        item_type("riddle")


@given(ANY_ITEM)
def test_built_keys_and_responses_fit_their_content(item):
    name, (content, key, response) = item
    kind = item_type(name)

    kind.check_key(content, key)
    kind.check_response(content, response)


@given(ANY_ITEM)
def test_points_are_an_exact_fraction_between_0_and_1_and_the_sum_of_their_parts(item):
    name, (content, key, response) = item
    score = item_type(name).score(content, key, response)

    assert isinstance(score.points, Fraction)
    assert 0 <= score.points <= 1
    assert all(isinstance(part.points, Fraction) and 0 <= part.points <= 1 for part in score.parts)
    assert sum(part.weight for part in score.parts) == 1
    assert sum(part.points * part.weight for part in score.parts) == score.points


@given(ANY_ITEM)
def test_the_full_response_fits_and_earns_exactly_1(item):
    name, (content, key, _) = item
    kind = item_type(name)
    full = kind.full_response(content, key)

    kind.check_response(content, full)
    assert kind.score(content, key, full).points == 1


@given(ANY_ITEM)
def test_an_empty_response_earns_nothing(item):
    name, (content, key, _) = item
    kind = item_type(name)

    assert kind.score(content, key, kind.response()).points == 0


@given(ANY_ITEM)
def test_simple_strategies_answer_every_item_with_a_response_that_fits(item):
    name, (content, _, _) = item
    kind = item_type(name)

    strategies = kind.simple_strategies(content)
    assert len(strategies) >= 3
    for response in strategies.values():
        kind.check_response(content, response)


@given(ANY_ITEM)
def test_content_key_and_response_survive_json_as_the_same_bytes(item):
    name, values = item
    kind = item_type(name)

    for shape, value in zip((kind.content, kind.key, kind.response), values, strict=True):
        assert shape.model_validate_json(value.model_dump_json()) == value
    dump = json.loads(values[2].model_dump_json())
    assert parse_response(name, values[0], dump) == values[2]
    assert dump.get("choices", []) == sorted(dump.get("choices", []))
    assert dump.get("evidence", []) == sorted(dump.get("evidence", []))


@given(ANY_ITEM, ANY_JSON)
def test_anything_from_outside_becomes_a_scored_response_or_one_short_sentence(item, raw):
    name, (content, key, _) = item
    response = refusal = None
    try:
        response = parse_response(name, content, raw)
    except InvalidResponse as raised:
        refusal = str(raised)

    if response is None:
        assert 0 < len(refusal.encode()) < 300
    else:
        assert 0 <= item_type(name).score(content, key, response).points <= 1
