"""Differences: what was taken out and put in, field by field and word by word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.differences import differences
from assessments.domain.word_differences import word_differences

TEXTS = st.lists(st.sampled_from(["ferry", "ship", " ", "\n", "，", "🙂", "the", "", "."]), max_size=20).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "a", "b"]), inner, max_size=3),
    max_leaves=8,
)


def said(old, new):
    return [(one.place, one.change, one.words) for one in differences(old, new)]


@given(old=TEXTS, new=TEXTS)
def test_both_texts_can_be_read_from_their_differences(old, new):
    pieces = word_differences(old, new)

    assert "".join(text for kind, text in pieces if kind != "inserted") == old
    assert "".join(text for kind, text in pieces if kind != "deleted") == new
    assert all(text for _kind, text in pieces)
    assert all(one[0] != other[0] for one, other in pairwise(pieces))


@given(text=TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert word_differences(text, text) == ([("same", text)] if text else [])


def test_changed_words_are_named():
    assert word_differences("It opened in 1952.", "It opened again in 1925.") == [
        ("same", "It opened"),
        ("inserted", " again"),
        ("same", " in"),
        ("deleted", " 1952"),
        ("inserted", " 1925"),
        ("same", "."),
    ]


@given(value=JSON)
def test_nothing_differs_from_itself(value):
    assert said(value, value) == []


@given(old=JSON, new=JSON)
def test_what_differs_is_said_and_no_place_twice(old, new):
    found = list(differences(old, new))

    assert len({one.place for one in found}) == len(found)
    assert all(any(kind != "same" for kind, _text in one.words) for one in found)


@pytest.mark.parametrize(("old", "new"), [(None, ""), ({}, None), ([], ""), ({"a": None}, {}), ({"a": ""}, {"b": []})])
def test_saying_nothing_differently_is_no_difference(old, new):
    assert said(old, new) == []


def test_fields_are_compared_one_by_one():
    old = {"prompt": "Which ship?", "many": False, "passage": "Old."}
    new = {"prompt": "Which ferry?", "many": True, "note": "New."}

    assert said(old, new) == [
        (("prompt",), "changed", (("same", "Which"), ("deleted", " ship"), ("inserted", " ferry"), ("same", "?"))),
        (("many",), "changed", (("deleted", "false"), ("inserted", "true"))),
        (("note",), "added", (("inserted", "New."),)),
        (("passage",), "removed", (("deleted", "Old."),)),
    ]


def test_entries_are_compared_with_their_namesakes_wherever_they_stand():
    old = [{"id": "a", "text": "One"}, {"id": "b", "text": "Two"}]
    new = [{"id": "b", "text": "Two"}, {"id": "a", "text": "First"}, {"id": "c", "text": "Three"}]

    assert [(place, change) for place, change, _words in said({"options": old}, {"options": new})] == [
        (("options", "a", "text"), "changed"),
        (("options", "c"), "added"),
        (("options", "order"), "changed"),
    ]


def test_lists_of_equal_length_are_compared_entry_by_entry():
    assert [
        place for place, *_rest in said({"steps": ["One step", "Two steps"]}, {"steps": ["One step", "No more"]})
    ] == [("steps", "2")]


def test_short_lists_are_shown_in_a_line():
    assert said({"choices": ["a", "b"]}, {"choices": ["a", "c"]}) == [
        (("choices",), "changed", (("same", "a,"), ("deleted", " b"), ("inserted", " c")))
    ]
