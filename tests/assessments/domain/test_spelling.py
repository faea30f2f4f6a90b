"""Spellings: what is the same text, and how many typing errors lie between two."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.spelling import count_letters, normal_form, typing_errors

WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("  not \t verifiable. ", "not verifiable"),
        ("“Not verifiable!”", "not verifiable"),
        ("Straße", "STRASSE"),
        ("cafe\u0301", "caf\u00e9"),
        ("ﬁle", "file"),
        ("ＡＢＣ", "abc"),
        ("don’t", "don't"),
        ("co–operate", "co-operate"),
        ("（東京）", "東京"),
        ("−5", "-5"),
    ],
)
def test_these_are_the_same_text(text, same):
    assert normal_form(text) == normal_form(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [("résumé", "resume"), ("C++", "C"), ("C#", "C"), ("5 %", "5"), ("-5", "5"), ("a b", "ab"), ("...", "")],
)
def test_these_are_not(text, other):
    assert normal_form(text) != normal_form(other)


def test_letter_case_counts_where_it_is_asked_for():
    assert normal_form("pH", is_case_sensitive=True) == "pH"
    assert normal_form("pH") == "ph"


@given(st.text(), st.sampled_from([" ", "\n", "\u00a0", ".", "!", "“", ")"]))
def test_space_and_punctuation_at_the_ends_change_nothing(text, mark):
    if count_letters(text):
        assert normal_form(f"{mark}{text}{mark}") == normal_form(text)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [("claim", 0), ("clam", 1), ("claims", 1), ("clain", 1), ("cliam", 1), ("lcaim", 1), ("calims", 2), ("", 5)],
)
def test_typing_errors_are_letters_wrong_missing_too_many_or_swapped(typed, errors):
    assert typing_errors(typed, "claim", 9) == errors


def test_each_letter_is_touched_once_at_most():
    assert typing_errors("ca", "abc", 9) == 3  # with letters touched twice it would be 2


@given(WORDS, WORDS, st.integers(0, 6))
def test_more_than_asked_for_are_not_counted_out(typed, meant, most):
    assert typing_errors(typed, meant, most) == min(typing_errors(typed, meant, 9), most + 1)


@given(WORDS, WORDS)
def test_it_is_symmetric_and_0_for_the_same_text_only(typed, meant):
    assert typing_errors(typed, meant, 9) == typing_errors(meant, typed, 9)
    assert (typing_errors(typed, meant, 9) == 0) == (typed == meant)


def one_error_away(text):
    """All texts over a, b, c that one typing error makes of a text."""
    for at in range(len(text) + 1):
        yield from (text[:at] + letter + text[at:] for letter in "abc")
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]
        yield from (text[:at] + letter + text[at + 1 :] for letter in "abc")
        yield text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


@given(WORDS)
def test_one_error_is_counted_exactly_for_the_texts_that_it_can_make(text):
    near = set(one_error_away(text)) - {text}

    assert all(typing_errors(typed, text, 9) == 1 for typed in near)
    others = {"".join(letters) for letters in combinations("abcabc", len(text))} - near - {text}
    assert all(typing_errors(typed, text, 9) > 1 for typed in others)


def test_letters_and_digits_are_counted():
    assert count_letters("a-1 ü!") == 3
