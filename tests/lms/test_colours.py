"""Accent colours of organisations can be read on every ground of our pages, in light and in dark."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lms.organisations.colours import (
    DARK_GROUNDS,
    LEAST_CONTRAST,
    LIGHT_GROUNDS,
    contrast,
    on_dark,
    read_colour,
    text_on,
    tint,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_what_is_accepted_can_be_read_everywhere(colour):
    try:
        light = read_colour(colour)
    except ValueError as fault:
        better = str(fault).partition(" is the same colour")[0].rpartition(" ")[2]
        assert read_colour(better) == better
        return
    dark = on_dark(light)
    assert all(contrast(light, ground) >= LEAST_CONTRAST for ground in (*LIGHT_GROUNDS, tint(light, "#fffdf9")))
    assert all(contrast(dark, ground) >= LEAST_CONTRAST for ground in (*DARK_GROUNDS, tint(dark, "#162026")))
    assert all(contrast(text_on(shade), shade) >= LEAST_CONTRAST for shade in (light, dark))


@given(st.text(max_size=9))
def test_what_is_no_colour_is_refused(text):
    assume(len(text.strip()) != 7)
    with pytest.raises(ValueError, match="six digits"):
        read_colour(text)


def test_black_on_white_is_as_far_as_it_goes():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
