"""Numeric: keys, responses and points."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from pydantic import ValidationError

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.numeric import (
    NumericContent,
    NumericKey,
    NumericResponse,
    Unit,
    check_key,
    check_response,
)
from assessments.domain.scoring.numeric import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.numeric import numeric_items

ANYTHING = anything(["value", "unit"], ["1,5", "1,500", "u0", 3, 2.5, "1e999"])
HALF = Fraction(1, 2)
PLAIN = NumericContent(prompt="How many?")
LENGTH = NumericContent(prompt="How long?", units=tuple(Unit(id=name, title=name) for name in ("m", "km", "s")))
TUNNEL = NumericKey.model_validate({"value": 1500, "unit": "m", "absolute": 10, "factors": {"km": 1000}})


def points(content: NumericContent, key: NumericKey, value: str, unit: str | None = None) -> Fraction:
    return score(content, key, NumericResponse(value=value, unit=unit)).points


@given(numeric_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(numeric_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(numeric_items())
def test_points_are_1_a_half_or_0_and_without_units_1_or_0(item):
    content, key, response = item

    assert score(content, key, response).points in ({0, HALF, 1} if content.units else {0, 1})


@given(numeric_items())
def test_only_a_number_within_the_tolerance_of_a_value_in_a_unit_that_converts_earns_1(item):
    content, key, response = item
    factor = {key.unit: Decimal(1), **key.factors}.get(response.unit)
    values = [Fraction(value) for value in (key.value, *key.accepted)]
    most = [Fraction(key.absolute) or Fraction(key.relative) * abs(value) for value in values]
    is_acceptable = (
        response.value is not None
        and factor is not None
        and any(abs(Fraction(response.value * factor) - v) <= m for v, m in zip(values, most, strict=True))
    )

    assert (score(content, key, response).points == 1) == is_acceptable


@given(numeric_items())
def test_the_unit_of_the_key_never_costs_whom_it_helps(item):
    content, key, response = item
    alone = score(content, key, response.model_copy(update={"unit": None})).points

    assert score(content, key, response).points >= alone


def test_the_tolerance_includes_its_ends_to_the_last_digit():
    key = NumericKey.model_validate({"value": "0.3", "absolute": "0.1"})

    assert points(PLAIN, key, "0.2") == points(PLAIN, key, "0.4") == 1
    assert points(PLAIN, key, "0.199999999999999") == points(PLAIN, key, "0.400000000000001") == 0


def test_a_relative_tolerance_is_a_share_of_the_value_also_below_zero():
    key = NumericKey.model_validate({"value": "-200", "relative": "0.05"})

    assert points(PLAIN, key, "-190") == points(PLAIN, key, "-210") == 1
    assert points(PLAIN, key, "-189.9") == points(PLAIN, key, "200") == 0


def test_further_accepted_values_have_the_same_tolerance():
    key = NumericKey.model_validate({"value": 2, "accepted": [-2], "absolute": "0.5"})

    assert points(PLAIN, key, "-1.5") == 1
    assert points(PLAIN, key, "0") == 0


@pytest.mark.parametrize(
    ("value", "unit", "earned"),
    [
        ("1500", "m", 1),
        ("1.5", "km", 1),
        ("1.51", "km", 1),
        ("1.52", "km", 0),
        ("1500", None, HALF),
        ("1500", "s", HALF),
        ("1500", "km", HALF),
        ("1.5", "m", HALF),
        ("1.5", None, HALF),
        ("15", "m", 0),
    ],
)
def test_a_number_counts_in_any_unit_that_converts_and_half_without_the_right_one(value, unit, earned):
    assert points(LENGTH, TUNNEL, value, unit) == earned


def test_conversion_is_exact():
    key = NumericKey.model_validate({"value": "0.3", "unit": "m", "factors": {"km": "0.1"}})

    assert points(LENGTH, key, "3", "km") == 1


def test_a_unit_without_a_number_earns_nothing():
    assert score(LENGTH, TUNNEL, NumericResponse(unit="m")).points == 0


@pytest.mark.parametrize("typed", ["1 500", "1500,0", "1.5e3", "1,500.0"])
def test_a_response_is_read_as_it_was_typed(typed):
    assert parse_response("numeric", PLAIN, {"value": typed}).value == 1500


def test_no_digit_is_lost_on_the_way_through_json():
    response = NumericResponse(value="0.100000000000001")

    assert response.model_dump(mode="json") == {"value": "0.100000000000001", "unit": None}
    assert NumericResponse.model_validate_json(response.model_dump_json()) == response


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ({"value": "about 5"}, "“about 5” cannot be read as a number"),
        ({"value": "1,500"}, "“1,500” can be read in two ways"),
        ({"value": "5", "unit": "kg"}, "unknown unit kg; on offer are km, m, s"),
        ({"value": "5", "unit": "KG!"}, "unit should be lower case letters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(raw, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        parse_response("numeric", LENGTH, raw)


def test_where_no_unit_is_on_offer_none_is_taken():
    with pytest.raises(InvalidResponse, match="unknown unit m; on offer are none"):
        check_response(PLAIN, NumericResponse(value="5", unit="m"))


def test_restating_the_key_keeps_tolerance_and_factors():
    stated = TUNNEL.model_dump(mode="json")

    restated = key_with(LENGTH, NumericResponse(value="2", unit="km"), stated)

    assert restated == {**stated, "value": "2", "unit": "km"}


def test_simple_strategies_are_round_numbers_and_those_that_are_stated():
    content = NumericContent(prompt="Of 240 answers, 12.5 % were wrong. How many?", units=LENGTH.units)

    strategies = simple_strategies(content)

    assert {name: str(response.value) for name, response in strategies.items()} == {
        "always 0": "0",
        "always 1": "1",
        "always 10": "10",
        "always 100": "100",
        "the first number there is": "240",
        "the last number there is": "12.5",
    }
    assert {response.unit for response in strategies.values()} == {"m"}
    assert len(simple_strategies(PLAIN)) == 4


def test_units_must_differ_and_a_key_has_one_kind_of_tolerance():
    with pytest.raises(ValidationError, match="unit ids must differ"):
        NumericContent(prompt="How long?", units=LENGTH.units[:1] * 2)
    with pytest.raises(ValidationError, match="absolute or relative, not both"):
        NumericKey(value=Decimal(1), absolute=Decimal(1), relative=Decimal("0.1"))


@pytest.mark.parametrize(
    ("content", "key", "complaint"),
    [
        (LENGTH, {"value": 1}, "the key's unit must be one of km, m, s"),
        (LENGTH, {"value": 1, "unit": "kg"}, "the key's unit must be one of km, m, s"),
        (LENGTH, {"value": 1, "unit": "m", "factors": {"kg": 2}}, "factors for unknown units kg"),
        (LENGTH, {"value": 1, "unit": "m", "factors": {"m": 2}}, "m is the key's own unit"),
        (PLAIN, {"value": 1, "unit": "m"}, "the item offers none"),
        (PLAIN, {"value": 1, "factors": {"m": 2}}, "the item offers none"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(content, key, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(content, NumericKey.model_validate(key))
