"""Rubric score: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import given
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.parts import Criterion, Level
from assessments.domain.schemas.rubric_score import (
    RubricScoreContent,
    RubricScoreKey,
    RubricScoreResponse,
    check_key,
    check_response,
)
from assessments.domain.scoring.rubric_score import score, simple_strategies
from tests.assessments.item_strategies import rubric_score_items


def make_criterion(name: str, *levels: int) -> Criterion:
    rungs = tuple(Level(level=level, descriptor="What it takes.") for level in levels)
    return Criterion(id=name, title=name, question="How well?", levels=rungs)


def make_content(**sizes: int) -> RubricScoreContent:
    criteria = tuple(make_criterion(name, *range(1, size + 1)) for name, size in sizes.items())
    return RubricScoreContent(task="A task.", response="An answer.", criteria=criteria)


def points(content, expert, level):
    key, response = RubricScoreKey(levels={"flow": expert}), RubricScoreResponse(levels={"flow": level})
    return score(content, key, response).points


@given(rubric_score_items())
def test_only_the_best_level_on_every_criterion_earns_1(item):
    content, key, response = item

    def worth(criterion, level):
        steps = len(criterion.levels) - 1
        shares = key.shares(criterion.id).items()
        return sum(share * max(0, 1 - Fraction(2 * abs(level - expert), steps)) for expert, share in shares)

    best = all(
        response.levels.get(criterion.id)
        and worth(criterion, response.levels[criterion.id])
        == max(worth(criterion, rung.level) for rung in criterion.levels)
        for criterion in content.criteria
    )
    assert (score(content, key, response).points == 1) == best


@given(rubric_score_items())
def test_a_level_nearer_to_agreeing_experts_never_earns_less(item):
    content, key, response = item
    for criterion, level in response.levels.items():
        if len(shares := key.shares(criterion)) == 1 and level not in shares:
            step = 1 if max(shares) > level else -1
            nearer = RubricScoreResponse(levels={**response.levels, criterion: level + step})
            assert score(content, key, nearer).points >= score(content, key, response).points


@given(rubric_score_items())
def test_a_criterion_left_out_earns_nothing_and_the_rest_is_untouched(item):
    content, key, response = item
    for left_out in response.levels:
        rest = {name: level for name, level in response.levels.items() if name != left_out}
        before = {part.name: part.points for part in score(content, key, response).parts}
        after = {part.name: part.points for part in score(content, key, RubricScoreResponse(levels=rest)).parts}
        assert after == {**before, left_out: 0}


def test_credit_falls_with_distance_and_ends_half_the_scale_away():
    content = make_content(flow=5)

    assert [points(content, 2, level) for level in range(1, 6)] == [Fraction(1, 2), 1, Fraction(1, 2), 0, 0]


def test_a_scale_of_two_is_right_or_wrong():
    assert [points(make_content(flow=2), 1, level) for level in (1, 2)] == [1, 0]


def test_split_experts_make_the_best_level_full_and_the_next_one_partial():
    experts = {3: 0.75, 4: 0.25}

    assert points(make_content(flow=5), experts, 3) == 1
    assert points(make_content(flow=5), experts, 4) == Fraction(5, 7)


def test_simple_strategies_take_both_middles_of_an_even_scale():
    strategies = simple_strategies(make_content(flow=4, voice=5))

    assert [response.levels for response in strategies.values()] == [
        {"flow": 1, "voice": 1},
        {"flow": 2, "voice": 3},
        {"flow": 3, "voice": 3},
        {"flow": 4, "voice": 5},
    ]


def test_levels_count_up_from_one_and_criteria_differ():
    with pytest.raises(ValidationError, match="in order"):
        make_criterion("flow", 2, 1)
    with pytest.raises(ValidationError, match="criterion ids must differ"):
        RubricScoreContent(task="A task.", response="An answer.", criteria=(make_criterion("flow", 1, 2),) * 2)


def test_shares_must_sum_to_one():
    with pytest.raises(ValidationError, match=r"flow: shares of experts must sum to 1, got 0\.9"):
        RubricScoreKey(levels={"flow": {1: 0.7, 2: 0.2}})


@pytest.mark.parametrize(("levels", "complaint"), [({"voice": 1}, "levels for voice"), ({"flow": 5}, "1 to 4")])
def test_a_key_that_does_not_fit_is_refused(levels, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(make_content(flow=4), RubricScoreKey(levels=levels))


@pytest.mark.parametrize(
    ("levels", "complaint"), [({"voice": 1}, "unknown criteria voice"), ({"flow": 5}, "no level 5")]
)
def test_a_response_that_does_not_fit_is_refused(levels, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(make_content(flow=4), RubricScoreResponse(levels=levels))
