"""Ranking: keys, responses and points."""

from fractions import Fraction
from itertools import pairwise, permutations
from math import isclose

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import kendalltau

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.parts import Option
from assessments.domain.schemas.ranking import (
    ExpertRanking,
    RankingContent,
    RankingKey,
    RankingResponse,
    check_key,
    check_response,
)
from assessments.domain.scoring.ranking import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.ranking import ranking_items

ANYTHING = anything(
    ["order", "places"], [1, 2, "e0", {"e0": 1, "e1": 3, "e2": 2}, "e1", "e2", ["e0", "e1", "e2"], ["e2", "e1", "e0"]]
)


def make_content(shown: str) -> RankingContent:
    return RankingContent(task="A task.", entries=tuple(Option(id=name, text=name) for name in shown))


def make_key(*rankings: str) -> RankingKey:
    """Rankings as "3: ab c d": three experts tie a and b, then c, then d."""
    parsed = (ranking.rpartition(":") for ranking in rankings)
    return RankingKey(
        rankings=tuple(
            ExpertRanking(groups=tuple(tuple(group) for group in groups.split()), experts=int(experts or 1))
            for experts, _, groups in parsed
        )
    )


def points(key: RankingKey, order: str, *, shown: str = "dcba") -> Fraction:
    return score(make_content(shown), key, RankingResponse(order=tuple(order))).points


@given(ranking_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(ranking_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(ranking_items())
def test_only_an_order_that_agrees_as_well_as_the_best_expert_earns_1(item):
    content, key, response = item
    best = max(key.agreement(ranking.order(content.shown)) for ranking in key.rankings)
    acceptable = bool(response.order) and key.agreement(response.order) >= best

    assert (score(content, key, response).points == 1) == acceptable


@given(ranking_items())
def test_leaving_the_list_as_shown_never_pays(item):
    content, key, _ = item

    assert score(content, key, simple_strategies(content)["as shown"]).points == 0


@given(ranking_items(most_experts=1), st.data())
def test_swapping_neighbours_that_stand_wrongly_never_costs(item, data):
    content, key, response = item
    assume(response.order)
    place = {entry: number for number, group in enumerate(key.rankings[0].groups) for entry in group}
    wrong = [n for n, (one, next_) in enumerate(pairwise(response.order)) if place[one] > place[next_]]
    assume(wrong)
    at = data.draw(st.sampled_from(wrong))

    order = (*response.order[:at], response.order[at + 1], response.order[at], *response.order[at + 2 :])
    assert score(content, key, RankingResponse(order=order)).points >= score(*item).points


@given(ranking_items(most_experts=1))
def test_against_one_expert_it_is_the_tau_b_of_scipy_over_the_greatest_that_can_be_reached(item):
    content, key, response = item
    assume(response.order)
    place = {entry: number for number, group in enumerate(key.rankings[0].groups) for entry in group}

    def tau_b(order):
        return kendalltau(range(len(order)), [place[entry] for entry in order], variant="b").statistic

    greatest = tau_b(key.best_order(content.shown))
    assert isclose(score(*item).points, max(0, tau_b(response.order) / greatest), abs_tol=1e-9)


def test_an_order_at_random_agrees_neither_more_nor_less_than_chance():
    key = make_key("ab c d")

    assert sum(key.agreement(order) for order in permutations("abcd")) == 0


def test_pairs_that_stand_wrongly_cost_and_ties_may_stand_either_way():
    key = make_key("a b cd")

    assert points(key, "abdc") == points(key, "abcd") == 1
    assert points(key, "bacd") == Fraction(5 - 2 * 1, 5)
    assert points(key, "dcba") == 0


def test_experts_who_differ_are_averaged_by_their_number_and_the_best_of_their_rankings_earns_1():
    key = make_key("3: a b c d", "1: b a c d")  # the second one is 4/6 from the first

    assert points(key, "abcd") == 1
    assert points(key, "bacd") == (3 * Fraction(4, 6) + 1) / (3 + Fraction(4, 6))


def test_who_breaks_a_tie_better_than_the_sequence_shown_earns_no_more_than_1():
    key = make_key("2: ab cd", "2: dc b a", "1: a b c d", "1: a b c d")

    assert key.agreement("abcd") > key.agreement(key.rankings[0].order("dcba"))
    assert points(make_key("2: ab c d", "1: a b c d"), "abcd", shown="dcba") == 1


def test_counts_are_the_pairs_against_the_ranking_of_most_experts():
    (part,) = score(
        make_content("dcba"), make_key("2: a b cd", "1: d c b a"), RankingResponse(order=tuple("bacd"))
    ).parts

    assert part.counts == {"alike": 4, "pairs": 5}


def test_restating_the_key_keeps_ties_that_fit_and_the_rankings_of_several_experts():
    content = make_content("dcba")
    tied = {"rankings": [{"groups": [["a", "b"], ["c"], ["d"]], "experts": 4}], "note": "kept"}
    several = make_key("2: a b c d", "1: b a c d").model_dump(mode="json")

    def restated(order, key):
        return key_with(content, RankingResponse(order=tuple(order)), key)

    assert restated("bacd", tied) == tied
    assert restated("abcd", tied)["rankings"] == [{"groups": [["a"], ["b"], ["c"], ["d"]], "experts": 4}]
    assert restated("abcd", tied)["note"] == "kept"
    assert restated("dcba", several) == several


def test_simple_strategies_go_by_place_and_by_length():
    entries = tuple(Option(id=name, text=text) for name, text in {"a": "long text", "b": "x", "c": "mid"}.items())
    content = RankingContent(task="A task.", entries=entries)

    assert {name: "".join(response.order) for name, response in simple_strategies(content).items()} == {
        "as shown": "abc",
        "as shown, from the last": "cba",
        "the longest first": "acb",
        "the shortest first": "bca",
    }


def test_entries_must_differ_and_the_ranking_of_most_experts_comes_first():
    with pytest.raises(ValidationError, match="entry ids must differ"):
        make_content("aba")
    with pytest.raises(ValidationError, match="most experts gave comes first"):
        make_key("1: a b c", "2: c b a")


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        (make_key("a b c"), "1 of 4 entries have no place yet: d"),
        (make_key("a b c x"), "unknown entries x"),
        (make_key("ab b cd"), "stands twice"),
        (make_key("d c b a"), "shown nearly as the experts rank them"),
        (make_key("d b c a"), "shown nearly"),
        (make_key("a b c d", "d c b a"), "contradict one another"),
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
        check_response(make_content("dcba"), RankingResponse(order=tuple(order)))
