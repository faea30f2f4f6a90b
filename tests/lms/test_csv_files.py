"""CSV files of ours: nothing in them is ever computed by a spreadsheet, and nothing is lost."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from lms.web.csv_files import begins_formula, csv_lines, neutralised

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(TEXTS)
def test_what_might_be_a_formula_is_only_shown(text):
    shown = neutralised(text)

    assert not begins_formula(shown)
    assert shown in (text, f"'{text}")


@given(st.sampled_from("=+-@＝＋－＠\t\r"), st.sampled_from(["", " ", "\u00a0", "\u200b "]), TEXTS)
def test_formulas_are_known_behind_blanks_too(sign, blanks, text):
    assert begins_formula(f"{blanks}{sign}{text}") or sign in "\t\r"


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
def test_every_cell_comes_out_as_it_went_in_but_for_the_apostrophe(rows):
    written = "".join(csv_lines(("a", "b"), rows))
    read = list(csv.reader(io.StringIO(written, newline="")))

    assert read[0] == ["a", "b"]
    assert read[1:] == [[neutralised(cell) for cell in row] for row in rows]


def test_numbers_stay_numbers():
    assert list(csv_lines(["n", "m"], [[-5, 0.5], [None, 1]]))[1:] == ["-5,0.5\r\n", ",1\r\n"]
