"""Kendall's tau: exact, with and without ties, and equal to the reference implementation."""

from fractions import Fraction
from itertools import permutations
from math import isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from assessments.domain.scoring.rank_agreement import kendall_tau, kendall_tau_b, tied_tau

CASES = 1500


def random_groups(chance: Random, ids: list[str]) -> list[list[str]]:
    """The ids in two or more groups of random size, at random."""
    mixed = chance.sample(ids, len(ids))
    cuts = sorted(chance.sample(range(1, len(ids)), chance.randint(1, len(ids) - 1)))
    return [mixed[start:end] for start, end in zip([0, *cuts], [*cuts, len(ids)], strict=True)]


def ranks_by_id(groups: list[list[str]], ids: list[str]) -> list[int]:
    return [next(number for number, group in enumerate(groups) if name in group) for name in ids]


def test_tau_b_is_that_of_scipy_on_random_rankings_with_ties():
    chance = Random(20261121)
    for _ in range(CASES):
        ids = [f"e{number}" for number in range(chance.randint(2, 10))]
        order, groups = chance.sample(ids, len(ids)), random_groups(chance, ids)

        reference = kendalltau(ranks_by_id([[name] for name in order], ids), ranks_by_id(groups, ids), variant="b")

        assert isclose(kendall_tau_b(order, groups), reference.statistic, abs_tol=1e-12)


def test_tau_is_that_of_scipy_on_random_orders():
    chance = Random(1938)
    for _ in range(CASES):
        first = list(range(chance.randint(2, 10)))
        second = chance.sample(first, len(first))

        assert isclose(kendall_tau(first, second), kendalltau(second, first).statistic, abs_tol=1e-12)


@given(st.permutations("abcdef"), st.randoms(use_true_random=False))
def test_the_exact_credit_is_tau_b_over_the_greatest_that_an_order_can_reach(order, chance):
    groups = random_groups(chance, list("abcdef"))
    greatest = kendall_tau_b([entry for group in groups for entry in group], groups)

    assert isclose(tied_tau(order, groups), kendall_tau_b(order, groups) / greatest, abs_tol=1e-12)


def test_no_order_reaches_more_than_one_that_breaks_the_ties():
    groups = [["a", "b"], ["c"], ["d"]]
    best = kendall_tau_b(["b", "a", "c", "d"], groups)

    assert max(kendall_tau_b(order, groups) for order in permutations("abcd")) == best
    assert tied_tau(["b", "a", "c", "d"], groups) == tied_tau(["a", "b", "c", "d"], groups) == 1


@given(st.permutations("abcde"), st.permutations("abcde"))
def test_tau_is_1_for_the_same_minus_1_for_the_reverse_and_symmetric(first, second):
    assert kendall_tau(first, first) == 1
    assert kendall_tau(first, first[::-1]) == -1
    assert kendall_tau(first, second) == kendall_tau(second, first) == -kendall_tau(first[::-1], second)


def test_tau_counts_pairs():
    assert kendall_tau("abcd", "bacd") == Fraction(5 - 1, 6)
    assert tied_tau("abcd", [["b"], ["a", "c"], ["d"]]) == Fraction(4 - 1, 5)


@pytest.mark.parametrize(
    ("order", "groups", "complaint"),
    [
        ("ab", [["a"], ["c"]], "the same ids"),
        ("abb", [["a"], ["b"]], "the same ids"),
        ("ab", [["a"], ["b", "b"]], "the same ids"),
        ("ab", [["a", "b"]], "different rank"),
        ("a", [["a"]], "different rank"),
    ],
)
def test_rankings_that_cannot_be_compared_are_refused(order, groups, complaint):
    for measure in (tied_tau, kendall_tau_b):
        with pytest.raises(ValueError, match=complaint):
            measure(order, groups)
