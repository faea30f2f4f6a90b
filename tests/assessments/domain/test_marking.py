"""What the levels of markers are worth."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.marked_types import MARKED_TYPES
from assessments.domain.schemas.essay import EssayContent
from assessments.domain.schemas.parts import Criterion, Level
from assessments.domain.scoring.marking import criteria_of, points_of_levels, points_of_marks
from tests.assessments.strategies.essay import criteria


def criterion(name: str, levels: int) -> Criterion:
    numbered = tuple(Level(level=number, descriptor="What it takes.") for number in range(1, levels + 1))
    return Criterion(id=name, title=name.title(), question="How well?", levels=numbered)


RUBRIC = (criterion("reason", 3), criterion("style", 5))


@st.composite
def marked(draw: st.DrawFn) -> tuple[tuple[Criterion, ...], dict[str, int]]:
    rubric = draw(criteria())
    return rubric, {each.id: draw(st.integers(1, len(each.levels))) for each in rubric}


def test_points_are_the_mean_of_how_far_up_the_scale_each_level_is():
    assert points_of_levels(RUBRIC, {"reason": 2, "style": 4}) == (Fraction(1, 2) + Fraction(3, 4)) / 2


@given(marked())
def test_lowest_levels_earn_0_highest_earn_1_and_a_higher_level_earns_more(item):
    rubric, levels = item
    lowest, highest = dict.fromkeys(levels, 1), {each.id: len(each.levels) for each in rubric}

    points = points_of_levels(rubric, levels)

    assert isinstance(points, Fraction)
    assert points_of_levels(rubric, lowest) == 0 <= points <= points_of_levels(rubric, highest) == 1
    for name, level in levels.items():
        if level < highest[name]:
            assert points_of_levels(rubric, {**levels, name: level + 1}) > points


@given(st.data(), marked())
def test_several_markers_count_alike_and_in_any_order(data, item):
    rubric, levels = item
    other = {each.id: data.draw(st.integers(1, len(each.levels))) for each in rubric}

    both = points_of_marks(rubric, [levels, other])

    assert both == (points_of_levels(rubric, levels) + points_of_levels(rubric, other)) / 2
    assert both == points_of_marks(rubric, [other, levels])
    assert points_of_marks(rubric, [levels]) == points_of_levels(rubric, levels)


@pytest.mark.parametrize(
    ("levels", "complaint"),
    [
        ({"reason": 1}, "A level is missing for: Style."),
        ({}, "A level is missing for: Reason, Style."),
        ({"reason": 1, "style": 1, "whim": 1}, "There is no criterion whim; they are reason, style."),
        ({"reason": 4, "style": 1}, "Reason: choose a level from 1 to 3."),
        ({"reason": 0, "style": 1}, "from 1 to 3"),
        ({"reason": "2", "style": 1}, "from 1 to 3"),
        ({"reason": True, "style": 1}, "from 1 to 3"),
        ({"reason": 1.0, "style": 1}, "from 1 to 3"),
    ],
)
def test_levels_that_do_not_fit_are_refused_in_a_sentence(levels, complaint):
    with pytest.raises(ValueError, match=complaint):
        points_of_levels(RUBRIC, levels)


def test_without_criteria_or_marks_there_are_no_points():
    with pytest.raises(ValueError, match="no criteria"):
        points_of_levels((), {})
    with pytest.raises(ValueError, match="no mark"):
        points_of_marks(RUBRIC, [])


def test_markers_judge_essays_and_rewrites_and_nothing_else():
    assert MARKED_TYPES & {"essay", "rewrite", "choice", "rubric-score", "short-text"} == {"essay", "rewrite"}


def test_markers_judge_by_the_criteria_of_the_content():
    essay = EssayContent(prompt="Write.", criteria=RUBRIC)
    choice = ITEM_TYPES["choice"].examples[0].content

    assert criteria_of(essay) == RUBRIC
    assert criteria_of(choice) == ()
