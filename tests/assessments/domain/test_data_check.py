"""Data check: keys, responses and points."""

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.metrics import f1_score

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.data_check import (
    DataCheckContent,
    DataCheckKey,
    DataCheckResponse,
    check_key,
    check_response,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scoring.data_check import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.data_check import data_check_items

FAULTS = tuple(Category(id=name, title=name, rule="A rule.") for name in ("gap", "double", "label"))
ANYTHING = anything(["rows", "no_faults", "1", "2", "9"], ["f0", "f1", "gap", True])


def make_content(*rows: tuple[str, ...]) -> DataCheckContent:
    return DataCheckContent(prompt="Find.", columns=("A", "B"), rows=rows, faults=FAULTS)


EIGHT = make_content(*(("x", str(number)) for number in range(8)))


def points(key: dict, rows: dict, *, no_faults: bool = False) -> Fraction:
    response = DataCheckResponse(rows=rows, no_faults=no_faults)
    return score(EIGHT, DataCheckKey.model_validate(key), response).points


@given(data_check_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(data_check_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(data_check_items())
def test_only_the_faulty_rows_with_accepted_faults_earn_1(item):
    content, key, response = item
    acceptable = response.rows.keys() == key.rows.keys() and all(
        fault in key.acceptable(row) for row, fault in response.rows.items()
    )

    assert (score(content, key, response).points == 1) == (acceptable and (bool(key.rows) or response.no_faults))


@given(data_check_items(), st.data())
def test_marking_every_row_earns_nothing(item, data):
    content, key, _ = item
    faults = st.sampled_from([fault.id for fault in content.faults])
    everything = DataCheckResponse(rows={row: data.draw(faults) for row in range(1, len(content.rows) + 1)})

    assert score(content, key, everything).points == 0


@given(data_check_items())
def test_one_more_faulty_row_found_never_costs(item):
    content, key, response = item
    for row, fault in key.rows.items():
        more = DataCheckResponse(rows={**response.rows, row: fault})
        assert score(content, key, more).points >= score(content, key, response).points


@given(data_check_items())
def test_one_more_sound_row_marked_never_earns(item):
    content, key, response = item
    assume(not response.no_faults)
    for row in set(range(1, len(content.rows) + 1)) - key.rows.keys() - response.rows.keys():
        more = DataCheckResponse(rows={**response.rows, row: content.faults[0].id})
        assert score(content, key, more).points <= score(content, key, response).points


@given(data_check_items())
def test_location_is_the_f1_of_scikit_learn_with_that_of_marking_everything_taken_away(item):
    content, key, response = item
    assume(key.rows)
    rows = range(1, len(content.rows) + 1)
    truth = [row in key.rows for row in rows]
    marked = f1_score(truth, [row in response.rows for row in rows], zero_division=0)
    everything = f1_score(truth, [True] * len(rows))

    (location, _category) = score(content, key, response).parts

    assert isclose(location.points, max(0, (marked - everything) / (1 - everything)), abs_tol=1e-12)


def test_location_carries_seven_tenths_and_the_right_fault_the_rest():
    key = {"rows": {1: "gap", 2: "double"}}
    everything = Fraction(2 * 2, 8 + 2)

    assert points(key, {1: "gap", 2: "double"}) == 1
    assert points(key, {1: "label", 2: "double"}) == Fraction(7, 10) + Fraction(3, 10) / 2
    assert points(key, {1: "gap"}) == (Fraction(2, 3) - everything) / (1 - everything)
    assert points(key, {3: "gap"}) == points(key, {}) == points(key, {}, no_faults=True) == 0


def test_any_accepted_fault_of_a_row_is_right():
    key = {"rows": {1: "gap"}, "accepted": {1: ["label"]}}

    assert points(key, {1: "label"}) == points(key, {1: "gap"}) == 1
    assert points(key, {1: "double"}) == Fraction(7, 10)


def test_a_table_without_faults_earns_with_the_statement_that_it_has_none():
    assert points({}, {}, no_faults=True) == 1
    assert points({}, {}) == 0
    assert points({}, {1: "gap"}) == 0


def test_counts_say_what_was_found_what_was_too_much_and_what_had_another_fault():
    key = DataCheckKey(rows={1: "gap", 2: "double", 3: "label"})

    location, category = score(EIGHT, key, DataCheckResponse(rows={1: "gap", 2: "gap", 7: "gap"})).parts

    assert location.counts == {"found": 2, "right": 3, "extra": 1}
    assert category.counts == {"wrong_category": 1}


def test_restating_the_key_keeps_accepted_faults_of_rows_that_are_still_faulty():
    stated = {"rows": {"1": "gap", "2": "label"}, "accepted": {"1": ["label"], "2": ["gap"]}}

    restated = key_with(EIGHT, DataCheckResponse(rows={1: "gap", 3: "double"}), stated)

    assert restated == {"rows": {"1": "gap", "3": "double"}, "accepted": {"1": ["label"]}}


def test_simple_strategies_mark_by_place_or_by_what_any_program_sees():
    content = make_content(("a", "b"), ("a", " "), ("c", "d"), ("a", "b"))

    marked = {name: set(response.rows) for name, response in simple_strategies(content).items()}

    assert list(marked.values()) == [set(), {1, 2, 3, 4}, {1, 3}, {4}, {2, 4}]
    assert simple_strategies(content)["state that every row is sound"].no_faults


def test_every_row_has_a_cell_a_column_and_faults_differ():
    with pytest.raises(ValidationError, match="row 2 has 1 cells; there are 2 columns"):
        make_content(("a", "b"), ("a",))
    with pytest.raises(ValidationError, match="fault ids must differ"):
        DataCheckContent(prompt="Find.", columns=("A",), rows=(("a",), ("b",)), faults=FAULTS[:1] * 2)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ({"rows": {9: "gap"}}, r"key names rows \[9\]; the table has 1 to 8"),
        ({"rows": {1: "gap"}, "accepted": {9: ["gap"]}}, r"key names rows \[9\]"),
        ({"rows": {1: "gap"}, "accepted": {2: ["gap"]}}, "row 2 has accepted faults but is not marked as faulty"),
        ({"rows": {1: "whim"}}, "key names unknown faults whim; they are double, gap, label"),
        ({"rows": dict.fromkeys(range(1, 9), "gap")}, "every row is faulty"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(raw, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(EIGHT, DataCheckKey.model_validate(raw))


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [({9: "gap"}, "there is no row 9; the table has 1 to 8"), ({1: "whim"}, "unknown faults whim; they are")],
)
def test_a_response_that_does_not_fit_is_refused(rows, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(EIGHT, DataCheckResponse(rows=rows))


def test_rows_and_the_statement_that_there_are_no_faults_cannot_both_be_meant():
    with pytest.raises(ValidationError, match="only one of them can be meant"):
        DataCheckResponse(rows={1: "gap"}, no_faults=True)
