"""Designs and levels: which looks are taken, and how a score becomes a level."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.design import HOUSE_DESIGN, PAPER_COLOUR, Signatory, check_design, contrast
from certificates.domain.levels import Level, level_of

SHARES = st.fractions(0, 1)


def test_our_own_look_is_taken():
    check_design(HOUSE_DESIGN)
    check_design(replace(HOUSE_DESIGN, signatories=(Signatory("Ada", "Director"),) * 4, logo=b"x" * 512_000))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"accent": "gold"}, "six hexadecimal digits"),
        ({"accent": "#fff"}, "six hexadecimal digits"),
        ({"accent": "#7c5e16\n"}, "six hexadecimal digits"),
        ({"accent": "#e0c060"}, "too light to read"),
        ({"signatories": (Signatory("Ada", ""),) * 5}, "at most 4 signatories"),
        ({"signatories": (Signatory(" ", "Director"),)}, "needs a name"),
        ({"display_name": "x" * 81}, "at most 80 characters"),
        ({"signatories": (Signatory("Ada", "x" * 81),)}, "at most 80 characters"),
        ({"logo": b"x" * 512_001}, "at most 512 kB"),
    ],
)
def test_other_looks_are_refused_with_a_sentence(given, said):
    with pytest.raises(ValueError, match=said):
        check_design(replace(HOUSE_DESIGN, **given))


def test_contrast_is_that_of_the_guideline():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast(PAPER_COLOUR, PAPER_COLOUR) == 1


def test_levels_begin_at_the_lower_end_of_their_bands():
    cut = Fraction(7, 10)
    scores = [Fraction(score, 1000) for score in (0, 699, 700, 849, 850, 949, 950, 1000)]

    assert [level_of(score, cut) for score in scores] == [
        Level.DEVELOPING,
        Level.DEVELOPING,
        Level.PROFICIENT,
        Level.PROFICIENT,
        Level.ADVANCED,
        Level.ADVANCED,
        Level.EXPERT,
        Level.EXPERT,
    ]


@given(one=SHARES, other=SHARES, cut=SHARES)
def test_more_points_are_never_a_lower_level_and_the_cut_score_divides(one, other, cut):
    order = list(Level)
    lower, higher = sorted((one, other))

    assert order.index(level_of(lower, cut)) <= order.index(level_of(higher, cut))
    assert (level_of(one, cut) is Level.DEVELOPING) == (one < cut)


@pytest.mark.parametrize(("score", "cut"), [(Fraction(-1, 9), Fraction(1, 2)), (Fraction(1), Fraction(10, 9))])
def test_scores_outside_their_range_are_refused(score, cut):
    with pytest.raises(ValueError, match="from 0 to 1"):
        level_of(score, cut)
