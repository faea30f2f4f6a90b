"""Numbers as people type them are read exactly, or refused with a sentence that helps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.typed_numbers import read_number

NUMBERS = st.decimals(-(10**14), 10**14, places=6) | st.decimals(-10, 10, places=15)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1500", "1500"),
        (" 1.5 ", "1.5"),
        ("1,5", "1.5"),
        (".5", "0.5"),
        ("5,", "5"),
        ("0,125", "0.125"),
        ("1.500", "1.5"),
        ("12,3456", "12.3456"),
        ("1 500", "1500"),
        ("1\u00a0500 000,25", "1500000.25"),
        ("1\u202f500", "1500"),
        ("1'500", "1500"),
        ("1’500.5", "1500.5"),
        ("1,500,000", "1500000"),
        ("1.500.000", "1500000"),
        ("1,500.5", "1500.5"),
        ("1.500,5", "1500.5"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("– 3", "-3"),
        ("+3", "3"),
        ("1e3", "1000"),
        ("1,5E-2", "0.015"),
        ("2×10^3", "2000"),
        ("2 x 10^-3", "0.002"),
        ("١٢٫٥", "12.5"),
        ("１２", "12"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, number):
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed", ["", " ", "-", ",", "e3", "12 m", "1 5", "1,50,0", "1..2", "10²", "½", "NaN", "inf", "0x10"]
)
def test_what_is_no_number_is_refused_and_shown(typed):
    with pytest.raises(ValueError, match=r"cannot be read as a number; write it like 1500, 1\.5, -3 or 2e3") as refusal:
        read_number(typed)
    assert f"“{typed.strip()}”" in str(refusal.value)


def test_a_comma_that_may_mean_thousands_is_not_guessed():
    with pytest.raises(ValueError, match=r"“1,500” can be read in two ways; write 1500 or 1\.500, whichever you mean"):
        read_number("1,500")


@pytest.mark.parametrize("typed", ["1234567890123456", "1e15", "0.0000000000000001", "1e-16", "1e999", "0e999"])
def test_more_digits_than_are_kept_are_refused(typed):
    with pytest.raises(ValueError, match="is too long: up to 15 digits are kept before the point"):
        read_number(typed)


@given(NUMBERS)
def test_every_number_is_read_back_as_it_is_written(number):
    assert read_number(f"{number:f}") == number


@given(st.decimals(-(10**9), 10**9, places=2))
def test_thousands_set_apart_by_spaces_change_nothing(number):
    assert read_number(f"{number:,f}".replace(",", " ")) == number
    assert read_number(f"{number:,f}".replace(",", " ").replace(".", ",")) == number


@given(st.text(st.characters(codec=None)))
def test_any_text_is_read_or_refused_in_a_short_sentence(typed):
    said = ""
    try:
        number = read_number(typed)
    except ValueError as refusal:
        said = str(refusal)

    assert 0 < len(said.encode()) < 250 if said else number.is_finite()
