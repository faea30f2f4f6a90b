"""Quadratically weighted kappa: equal to the reference implementation, exact, and undefined when nothing varies."""

from fractions import Fraction
from math import isclose
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assessments.domain.measurement.weighted_kappa import UndefinedAgreement, quadratic_weighted_kappa

SCALE = range(1, 6)
RATINGS = st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), min_size=2, max_size=30)


def test_it_is_that_of_scikit_learn_on_random_ratings():
    chance = Random(1968)
    for _ in range(500):
        levels = range(chance.randint(2, 8))
        first, second = ([chance.choice(levels) for _ in range(chance.randint(20, 40))] for _ in "ab")
        second = (second + first)[: len(first)]

        reference = cohen_kappa_score(first, second, labels=list(levels), weights="quadratic")

        assert isclose(quadratic_weighted_kappa(first, second, levels), reference, abs_tol=1e-9)


@given(RATINGS)
def test_it_is_symmetric_and_at_most_1_which_takes_full_agreement(pairs):
    first, second = zip(*pairs, strict=True)
    assume(len({*first, *second}) > 1)

    kappa = quadratic_weighted_kappa(first, second, SCALE)

    assert kappa == quadratic_weighted_kappa(second, first, SCALE) <= 1
    assert (kappa == 1) == (first == second)


def test_a_far_miss_costs_more_than_a_near_one():
    first = [1, 2, 3, 4, 5]

    assert quadratic_weighted_kappa(first, [1, 2, 3, 4, 4], SCALE) > quadratic_weighted_kappa(
        first, [1, 2, 3, 4, 1], SCALE
    )


def test_it_is_exact():
    by_chance = (0 + 1 + 1) + (1 + 0 + 0) + (4 + 1 + 1)  # squared steps from low, middle, high to low, middle, middle

    assert quadratic_weighted_kappa("lmh", "lmm", "lmh") == 1 - Fraction(3 * 1, by_chance)


def test_agreement_is_undefined_when_both_raters_gave_one_level_throughout():
    with pytest.raises(UndefinedAgreement, match="both raters gave 3 throughout"):
        quadratic_weighted_kappa([3, 3], [3, 3], SCALE)


@pytest.mark.parametrize(
    ("first", "second", "levels", "complaint"),
    [
        ([], [], SCALE, "equally long ratings, got 0 and 0"),
        ([1], [1, 2], SCALE, "equally long ratings, got 1 and 2"),
        ([1, 6], [1, 2], SCALE, "off the scale: 6"),
        ([1, 2], [1, 2], [1, 2, 2], "each level once"),
    ],
)
def test_ratings_that_cannot_be_compared_are_refused(first, second, levels, complaint):
    with pytest.raises(ValueError, match=complaint):
        quadratic_weighted_kappa(first, second, levels)
