"""The terms of a renewal: a share of the questions and of the time, and never more of anything than the whole test."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.drawing import draw_form, make_supply
from assessments.domain.forms import Blueprint, PoolItem, Section
from assessments.domain.renewal_terms import renewal_percent, shortened_document, shortened_limit

BANDS = ("easy", "medium", "hard")
PERCENTS = st.integers(1, 99)


def section(count=None, **bands):
    difficulty = dict(zip(BANDS, bands["of"], strict=True)) if bands else None
    return {
        "title": "Any",
        "skill": "verdict",
        "type": "choice",
        "count": sum(bands["of"]) if bands else count,
        "difficulty": difficulty,
    }


SECTIONS = st.integers(1, 40).map(section) | st.tuples(*[st.integers(0, 12)] * 3).filter(any).map(
    lambda numbers: section(of=numbers)
)


@given(st.lists(SECTIONS, min_size=1, max_size=4), PERCENTS)
def test_each_section_keeps_its_share_rounded_up_and_no_difficulty_grows(sections, percent):
    shorter = shortened_document({"sections": sections}, percent)["sections"]

    for short, whole in zip(shorter, sections, strict=True):
        assert 1 <= short["count"] <= whole["count"]
        assert 0 <= 100 * short["count"] - whole["count"] * percent < 100
        if whole["difficulty"]:
            assert sum(short["difficulty"].values()) == short["count"]
            for band, number in whole["difficulty"].items():
                assert abs(100 * short["difficulty"][band] - number * percent) < 100
                assert short["difficulty"][band] <= number
        Section(**short)


@given(st.lists(SECTIONS, min_size=1, max_size=4), PERCENTS, st.data())
def test_a_pool_that_fills_the_test_fills_its_renewal(sections, percent, data):
    needed = {band: sum((one["difficulty"] or {}).get(band, 0) for one in sections) for band in BANDS}
    free = sum(one["count"] for one in sections if one["difficulty"] is None)
    pool = [PoolItem(f"{band}-{n}", "verdict", "choice", band) for band in BANDS for n in range(needed[band])]
    spare = data.draw(st.lists(st.sampled_from(BANDS), min_size=free, max_size=free))
    pool += [PoolItem(f"free-{n}", "verdict", "choice", band) for n, band in enumerate(spare)]
    short = shortened_document({"sections": sections}, percent)["sections"]

    form = draw_form(make_supply(Blueprint(tuple(Section(**one) for one in short)), pool), seed=1)

    assert [len(part) for part in form.sections] == [one["count"] for one in short]


@pytest.mark.parametrize(("minutes", "percent", "shorter"), [(75, 50, 38), (60, 50, 30), (1, 1, 1), (600, 99, 594)])
def test_the_time_is_its_share_in_whole_minutes_rounded_up(minutes, percent, shorter):
    assert shortened_limit(timedelta(minutes=minutes), percent) == timedelta(minutes=shorter)


def test_what_every_form_has_and_what_is_tried_out_stay_with_the_whole_test_and_all_else_is_kept():
    document = {
        "sections": [section(of=(2, 3, 2))],
        "renewal": {"percent": 50},
        "must_include": ["one"],
        "pilot_items": 2,
        "never_together": [["one", "two"]],
        "retake": {"tries": 3},
    }

    assert shortened_document(document, 50) == {
        "sections": [section(of=(1, 2, 1))],
        "never_together": [["one", "two"]],
        "retake": {"tries": 3},
        "renews": {"percent": 50},
    }
    assert (renewal_percent(document), renewal_percent({})) == (50, None)
