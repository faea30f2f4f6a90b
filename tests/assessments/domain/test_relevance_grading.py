"""Relevance grading: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.parts import Level
from assessments.domain.schemas.relevance_grading import (
    RelevanceGradingContent,
    RelevanceGradingKey,
    RelevanceGradingResponse,
    SearchResult,
    check_key,
    check_response,
)
from assessments.domain.scoring.relevance_grading import TYPE, credits_of, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.relevance_grading import relevance_grading_items

ANYTHING = anything(["grades", "1", "2", "9"], [1, 2, "3", 99])


def make_content(results: int, grades: int = 5) -> RelevanceGradingContent:
    return RelevanceGradingContent(
        query="bread",
        results=tuple(SearchResult(title="Title", snippet="Snippet.") for _ in range(results)),
        grades=tuple(Level(level=number, descriptor="What it takes.") for number in range(1, grades + 1)),
    )


def points(key: dict, given: dict, grades: int = 5) -> Fraction:
    content = make_content(len(key), grades)
    return score(content, RelevanceGradingKey(grades=key), RelevanceGradingResponse(grades=given)).points


@given(relevance_grading_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(relevance_grading_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(relevance_grading_items(agreeing=True))
def test_where_experts_agree_only_their_grades_earn_1(item):
    content, key, response = item

    assert (score(content, key, response).points == 1) == (response.grades == key.grades)


@given(relevance_grading_items(), st.data())
def test_a_grade_of_more_credit_never_costs(item, data):
    content, key, response = item
    number = data.draw(st.integers(1, len(content.results)))
    credits = credits_of(content, key, number)
    better = data.draw(st.sampled_from(sorted(credits)))
    assume(credits[better] >= credits.get(response.grades.get(number), 0))

    changed = RelevanceGradingResponse(grades={**response.grades, number: better})
    assert score(content, key, changed).points >= score(content, key, response).points


@given(relevance_grading_items(agreeing=True))
def test_one_grade_throughout_earns_no_more_than_its_mean_credit_over_the_scale(item):
    content, _, _ = item
    k = len(content.grades)
    every_grade_once = RelevanceGradingKey(grades={number: number for number in range(1, k + 1)})
    spread = make_content(k, k)

    for grade in range(1, k + 1):
        constant = RelevanceGradingResponse(grades=dict.fromkeys(range(1, k + 1), grade))
        assert score(spread, every_grade_once, constant).points <= Fraction(1, 2)


def test_points_fall_with_the_distance_and_end_half_the_scale_away():
    earned = {grade: points({1: 5}, {1: grade}) for grade in (5, 4, 3, 2, 1)}

    assert earned == {5: 1, 4: Fraction(1, 2), 3: 0, 2: 0, 1: 0}


def test_a_result_without_a_grade_earns_nothing():
    assert points({1: 3, 2: 3}, {2: 3}) == Fraction(1, 2)


def test_split_experts_give_the_best_grade_full_credit():
    assert points({1: {3: 3, 2: 1}}, {1: 3}, grades=4) == 1
    assert points({1: {3: 3, 2: 1}}, {1: 2}, grades=4) == Fraction(3, 5)


def test_counts_say_how_many_grades_agree_are_near_and_are_given_at_all():
    content, key = make_content(4), RelevanceGradingKey(grades={1: 1, 2: 2, 3: 3, 4: 4})

    (part,) = score(content, key, RelevanceGradingResponse(grades={1: 1, 2: 3, 3: 5})).parts

    assert part.counts == {"agreed": 1, "near": 1, "graded": 3, "results": 4}


def test_restating_the_key_keeps_votes():
    stated = {"grades": {"1": {"2": 2, "3": 1}, "2": 4}}

    restated = key_with(make_content(2), RelevanceGradingResponse(grades={1: 3, 2: 1}), stated)

    assert restated == {"grades": {"1": {"2": 2, "3": 1}, "2": 1}}


def test_simple_strategies_are_constant_grades_and_the_order_of_the_list():
    given = {name: response.grades for name, response in simple_strategies(make_content(4, 4)).items()}

    assert [set(grades.values()) for grades in given.values()] == [{1}, {2}, {3}, {4}, {1, 2, 3, 4}]
    assert given["from the highest grade down, as they are listed"] == {1: 4, 2: 3, 3: 2, 4: 1}


def test_grades_must_count_up_from_one():
    with pytest.raises(ValidationError, match=r"grades must be 1, 2, 3, … in order, got \[1, 3\]"):
        RelevanceGradingContent(
            query="bread",
            results=(SearchResult(title="T", snippet="S"),),
            grades=(Level(level=1, descriptor="a"), Level(level=3, descriptor="b")),
        )


def test_votes_that_do_not_sum_up_are_refused_with_their_result():
    with pytest.raises(ValidationError, match=r"result 2: shares of experts must sum to 1, got 0\.9"):
        RelevanceGradingKey(grades={1: 1, 2: {1: 0.5, 2: 0.4}})


@pytest.mark.parametrize(
    ("grades", "complaint"),
    [
        ({1: 1}, r"key grades results \[1\]; the item has 1 to 2"),
        ({1: 1, 2: 1, 3: 1}, "the item has 1 to 2"),
        ({1: 1, 2: {6: 1}}, "key gives result 2 grade 6; the grades are 1 to 5"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(grades, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(make_content(2), RelevanceGradingKey(grades=grades))


@pytest.mark.parametrize(
    ("grades", "complaint"),
    [({3: 1}, "there is no result 3; they are 1 to 2"), ({1: 6}, "there is no grade 6; they are 1 to 5")],
)
def test_a_response_that_does_not_fit_is_refused(grades, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(make_content(2), RelevanceGradingResponse(grades=grades))
