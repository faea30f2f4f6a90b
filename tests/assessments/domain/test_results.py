"""Results of attempts."""

from fractions import Fraction
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.results import GradedItem, SkillResult, grade, standard_error

POINTS = st.fractions(0, 1, max_denominator=60)
ITEMS = st.lists(st.builds(GradedItem, skill=st.sampled_from("abc"), points=POINTS), min_size=1, max_size=20)


@given(ITEMS, st.fractions(0, 1))
def test_a_score_is_the_exact_mean_and_passes_when_it_reaches_the_cut(items, cut):
    result = grade(items, cut)

    assert result.score * len(items) == sum(item.points for item in items)
    assert result.has_passed == (result.score >= cut)
    assert grade(items, result.score).has_passed
    assert not grade(items, result.score + Fraction(1, 10**30)).has_passed


@given(ITEMS)
def test_skills_split_the_items_in_order_of_first_appearance(items):
    result = grade(items, Fraction(1))

    assert [skill.skill for skill in result.skills] == list(dict.fromkeys(item.skill for item in items))
    assert sum(skill.count for skill in result.skills) == len(items)
    assert sum(skill.score * skill.count for skill in result.skills) == result.score * len(items)


@given(st.lists(POINTS, min_size=2, max_size=20))
def test_the_standard_error_is_the_sample_deviation_over_the_root_of_n(points):
    expected = stdev(map(float, points)) / len(points) ** 0.5

    assert standard_error(points) == pytest.approx(expected, abs=1e-9)


def test_two_thirds_do_not_pass_a_cut_of_0_67_but_thirds_of_0_66_repeating_do():
    items = [GradedItem("a", Fraction(1)), GradedItem("a", Fraction(1)), GradedItem("b", Fraction(0))]

    assert not grade(items, Fraction("0.67")).has_passed
    assert grade(items, Fraction(2, 3)).has_passed
    assert grade(items, Fraction(2, 3)).standard_error == pytest.approx(1 / 3)


def test_a_single_item_has_no_standard_error():
    result = grade([GradedItem("a", Fraction(1, 2))], Fraction(1, 2))

    assert result.standard_error is None
    assert result.skills == (SkillResult("a", Fraction(1, 2), 1, None),)


def test_an_attempt_without_items_has_no_result():
    with pytest.raises(ValueError, match="no result"):
        grade([], Fraction(1, 2))
