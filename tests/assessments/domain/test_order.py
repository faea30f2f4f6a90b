"""Order: keys, responses and points; sequences that are stated by places."""

from fractions import Fraction
from itertools import permutations
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import kendalltau

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.order import OrderContent, OrderKey, OrderResponse, check_key, check_response
from assessments.domain.schemas.parts import Option
from assessments.domain.scoring.order import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.order import order_items

ANYTHING = anything(["order", "places", "e0", "e1", "e2"], ["e0", "e1", "e2", 1, 2, 3])


def make_content(shown: str) -> OrderContent:
    return OrderContent(prompt="Order.", entries=tuple(Option(id=name, text=name * 2) for name in shown))


def make_key(order: str, *accepted: str) -> OrderKey:
    return OrderKey(order=tuple(order), accepted=tuple(map(tuple, accepted)))


def points(key: OrderKey, order: str) -> Fraction:
    return score(make_content("dcba"), key, OrderResponse(order=tuple(order))).points


@given(order_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(order_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(order_items())
def test_only_an_accepted_sequence_earns_1(item):
    content, key, response = item

    assert (score(content, key, response).points == 1) == (response.order in key.acceptable)


@given(order_items())
def test_leaving_the_list_as_it_is_shown_earns_nothing(item):
    content, key, _ = item
    shown = OrderResponse(order=tuple(entry.id for entry in content.entries))

    assert score(content, key, shown).points == 0


@given(order_items(), st.data())
def test_putting_two_neighbours_right_never_costs_points(item, data):
    content, key, response = item
    order = list(response.order or key.order)
    place = data.draw(st.integers(0, len(order) - 2))
    right = min(order[place : place + 2], key=key.order.index)
    better = [*order[:place], right, *(e for e in order[place : place + 2] if e != right), *order[place + 2 :]]
    only = OrderKey(order=key.order)

    before, after = (score(content, only, OrderResponse(order=tuple(each))).points for each in (order, better))
    assert after >= before


@given(order_items())
def test_it_is_the_best_tau_of_scipy_over_the_accepted_sequences_but_not_below_0(item):
    content, key, response = item
    taus = [
        kendalltau([order.index(entry) for entry in response.order], range(len(order))).statistic
        for order in key.acceptable
        if response.order
    ]

    assert isclose(score(content, key, response).points, max([0, *taus]), abs_tol=1e-12)


def test_pairs_that_stand_wrongly_cost():
    key = make_key("abcd")

    assert points(key, "abcd") == 1
    assert points(key, "bacd") == Fraction(4, 6)
    assert points(key, "badc") == Fraction(2, 6)
    assert points(key, "dcab") == 0
    assert points(key, "") == 0


def test_an_order_at_random_would_have_0_on_average_if_it_could_lose():
    right = make_key("abcd")

    earned = [points(right, order) for order in permutations("abcd")]
    lost = [points(make_key("dcba"), order) for order in permutations("abcd")]

    assert sum(earned) == sum(lost)


def test_the_accepted_sequence_that_agrees_best_counts():
    key = make_key("abcd", "bacd")

    assert points(key, "bacd") == 1
    assert points(key, "badc") == Fraction(4, 6)


def test_counts_are_the_pairs_that_stand_right():
    (part,) = score(make_content("dcba"), make_key("abcd"), OrderResponse(order=tuple("bacd"))).parts

    assert part.counts == {"alike": 5, "pairs": 6}


def test_restating_the_key_keeps_what_else_is_accepted():
    stated = {"order": ["a", "b", "c"], "accepted": [["b", "a", "c"]]}

    restated = key_with(make_content("cba"), OrderResponse(order=tuple("acb")), stated)

    assert restated == {**stated, "order": ["a", "c", "b"]}


def test_simple_strategies_go_by_place_and_by_length():
    entries = tuple(Option(id=name, text=text) for name, text in {"a": "long text", "b": "x", "c": "mid"}.items())
    strategies = simple_strategies(OrderContent(prompt="Order.", entries=entries))

    assert {name: "".join(response.order) for name, response in strategies.items()} == {
        "as shown": "abc",
        "as shown, from the last": "cba",
        "the shortest first": "bca",
        "the longest first": "acb",
    }


def test_entries_must_differ():
    with pytest.raises(ValidationError, match="entry ids must differ"):
        make_content("aba")


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        (make_key("abc"), "1 of 4 entries have no place yet: d"),
        (make_key("abcx"), "unknown entries x"),
        (make_key("abcc"), "stands twice"),
        (make_key("dcba"), "shown in nearly the right sequence"),
        (make_key("abcd", "dbca"), "shown in nearly the right sequence"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(key, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(make_content("dcba"), key)


@pytest.mark.parametrize(
    ("order", "complaint"),
    [("abc", "1 of 4 entries have no place yet: d"), ("abcx", "unknown entries x"), ("aabc", "stands twice")],
)
def test_a_response_that_does_not_fit_is_refused(order, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(make_content("dcba"), OrderResponse(order=tuple(order)))


def test_places_state_a_sequence():
    response = parse_response("order", make_content("cba"), {"places": {"c": 3, "b": 2, "a": 1}})

    assert response.order == ("a", "b", "c")
    assert parse_response("order", make_content("cba"), {"places": {}}).order == ()


@pytest.mark.parametrize(
    ("places", "complaint"),
    [
        ({"a": 1, "b": 1, "c": 2}, "two entries stand at place 1; give each a place of its own"),
        ({"a": 1, "b": 2}, "1 of 3 entries have no place yet: c"),
        ({"a": 1, "b": 2, "c": "third"}, "a place should be a whole number"),
        ({"a": 1, "b": 2, "c": 0}, "a place should be a whole number"),
        ({"a": 1, "b": 2, "c": True}, "a place should be a whole number"),
        (["a", "b", "c"], "places should be an object"),
    ],
)
def test_places_that_state_no_sequence_are_refused(places, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        parse_response("order", make_content("cba"), {"places": places})
