"""Calibration: the mean of the last first tries decides, with its reasons and what remains."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.calibration import Reason, Standard, agreement_of, judge, order_of_gold

POINTS = st.lists(st.fractions(0, 1, max_denominator=12), max_size=12)
STANDARDS = st.builds(Standard, st.fractions(Fraction(1, 20), 1, max_denominator=20), st.integers(1, 6))
HALF_OF_THREE = Standard(Fraction(1, 2), 3)


def points(*values: float) -> list[Fraction]:
    return [Fraction(str(value)) for value in values]


def test_nothing_tried_is_not_reached_for_both_reasons():
    standing = judge(HALF_OF_THREE, [], gold_left=5)

    assert standing.reasons == (Reason.TOO_FEW_TRIES, Reason.BELOW_AGREEMENT)
    assert (standing.mean, standing.counted, standing.fewest_more) == (None, 0, 3)


def test_a_mean_of_exactly_the_agreement_reaches_it():
    standing = judge(Standard(Fraction(4, 5), 5), [Fraction(2, 3)] * 3 + points(1, 1), gold_left=0)

    assert standing.is_reached
    assert standing.mean == Fraction(4, 5)
    assert standing.fewest_more == 0


def test_high_points_are_not_enough_before_the_window_is_full():
    standing = judge(HALF_OF_THREE, points(1, 1), gold_left=1)

    assert standing.reasons == (Reason.TOO_FEW_TRIES,)
    assert (standing.mean, standing.counted, standing.fewest_more) == (1, 2, 1)


def test_only_the_last_tries_count_so_a_bad_beginning_is_forgotten():
    assert judge(HALF_OF_THREE, points(0, 0, 0, 1, 1, 0), gold_left=0).is_reached
    assert judge(HALF_OF_THREE, points(1, 1, 1, 0, 1, 0), gold_left=0).reasons == (Reason.BELOW_AGREEMENT,)


def test_it_is_said_when_the_gold_left_is_too_little():
    assert judge(HALF_OF_THREE, points(1, 0, 0), gold_left=2).fewest_more == 2
    assert judge(HALF_OF_THREE, points(1, 0, 0), gold_left=1).fewest_more is None


@given(STANDARDS, POINTS, st.integers(0, 8))
def test_reached_is_what_the_definition_says(standard, made, left):
    standing = judge(standard, made, gold_left=left)
    last = made[-standard.window :]

    by_hand = len(made) >= standard.window and sum(last) >= standard.agreement * len(last)
    assert standing.is_reached == by_hand
    assert standing.is_reached == (standing.fewest_more == 0)


@given(STANDARDS, POINTS, st.integers(0, 8))
def test_what_remains_is_the_least_that_suffices(standard, made, left):
    more = judge(standard, made, gold_left=left).fewest_more

    reached = [n for n in range(left + 1) if judge(standard, [*made, *[Fraction(1)] * n], gold_left=0).is_reached]
    assert more == min(reached, default=None)


@given(STANDARDS, st.lists(st.fractions(0, 1, max_denominator=12), min_size=1, max_size=12), st.data())
def test_a_better_try_never_costs(standard, made, data):
    at = data.draw(st.integers(0, len(made) - 1))
    better = [*made[:at], (made[at] + 1) / 2, *made[at + 1 :]]

    assert agreement_of(better, standard.window) >= agreement_of(made, standard.window)


@given(st.sets(st.text("abc", min_size=1), min_size=1), st.integers(0, 2**62), st.data())
def test_the_order_is_stable_when_items_come_and_go_and_puts_what_is_known_last(names, seed, data):
    known = data.draw(st.sets(st.sampled_from(sorted(names))))
    gone = data.draw(st.sampled_from(sorted(names)))

    order = order_of_gold(names, seed=seed, tried_before=known)

    assert sorted(order) == sorted(names)
    assert [name in known for name in order] == sorted(name in known for name in order)
    assert order_of_gold(names - {gone}, seed=seed, tried_before=known) == [name for name in order if name != gone]


def test_different_seeds_give_different_orders():
    names = [f"item-{number}" for number in range(12)]

    assert len({tuple(order_of_gold(names, seed=seed, tried_before=())) for seed in range(20)}) == 20


@pytest.mark.parametrize(("agreement", "window"), [(0, 3), (2, 3), (1, 0)])
def test_a_standard_that_means_nothing_is_refused(agreement, window):
    with pytest.raises(ValueError, match="agreement above 0"):
        Standard(Fraction(agreement), window)


def test_less_than_nothing_cannot_be_left():
    with pytest.raises(ValueError, match="no less than 0"):
        judge(HALF_OF_THREE, [], gold_left=-1)
