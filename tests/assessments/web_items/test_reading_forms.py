"""What a plain form states becomes the raw response; what was typed is judged by the schema, not lost."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import ITEM_TYPES, parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.views.words import words_of
from tests.assessments.web_items.sample_items import ARABIC, CHINESE, CHOICE, CLAIM, EMOJI, ENGLISH, MANY, RUBRIC

SPAN_FIELDS = ("spans", "no_errors", "first-1", "last-1", "category-1", "kept-1")
FIELDS = {
    "choice": ("choices",),
    "claim-verdict": ("label", "evidence", "confidence"),
    "span-highlight": SPAN_FIELDS,
    "rubric-score": ("level-faithfulness", "level-completeness"),
}
ITEMS = [("choice", CHOICE), ("claim-verdict", CLAIM), ("span-highlight", EMOJI), ("rubric-score", RUBRIC)]


def read(name, content, **fields):
    """Fields by name, "-" written as "__"."""
    form = MultiDict({f"r1-{field.replace('__', '-')}": value for field, value in fields.items()})
    return ITEM_VIEWS[name].read_form(content, form, "r1-")


def read_rows(content, *rows):
    names = ("first", "last", "category", "kept")
    form = MultiDict(
        {f"r1-{name}-{n}": value for n, row in enumerate(rows, 1) for name, value in zip(names, row, strict=False)}
    )
    return ITEM_VIEWS["span-highlight"].read_form(content, form, "r1-")


@pytest.mark.parametrize(("name", "content"), ITEMS)
def test_an_empty_form_is_an_empty_response_and_not_answered(name, content):
    response = parse_response(name, content, read(name, content))

    assert response == ITEM_TYPES[name].response()
    assert not ITEM_VIEWS[name].is_answered(response)


@given(st.sampled_from(ITEMS), st.data())
def test_whatever_is_typed_is_taken_or_refused_and_can_be_shown_again(item, data):
    name, content = item
    typed = st.one_of(
        st.text(max_size=20), st.integers().map(str), st.just('[{"start": 1, "end": "x", "category": []}]')
    )
    form = MultiDict([(f"r1-{field}", data.draw(typed)) for field in FIELDS[name]])

    raw = ITEM_VIEWS[name].read_form(content, form, "r1-")

    ITEM_VIEWS[name].context(content, raw)
    with suppress(InvalidResponse):
        parse_response(name, content, raw)


@pytest.mark.parametrize(
    ("name", "content", "response"),
    [
        ("choice", CHOICE, {"choices": ["b"]}),
        ("claim-verdict", CLAIM, {"label": "contradicted", "evidence": [2], "confidence": 0.8}),
        ("span-highlight", ENGLISH, {"spans": [{"start": 26, "end": 32, "category": "made-up"}]}),
        ("rubric-score", RUBRIC, {"levels": {"faithfulness": 3}}),
    ],
)
def test_a_form_states_the_response_that_it_shows(name, content, response):
    form = {
        "choice": {"choices": "b"},
        "claim-verdict": {"label": "contradicted", "evidence": "2", "confidence": "0.8"},
        "span-highlight": {"spans": json.dumps(response.get("spans"))},
        "rubric-score": {"level__faithfulness": "3"},
    }[name]

    assert read(name, content, **form) == response
    assert ITEM_VIEWS[name].is_answered(parse_response(name, content, response))


def test_several_options_are_read():
    form = MultiDict([("r1-choices", "a"), ("r1-choices", "c")])

    assert ITEM_VIEWS["choice"].read_form(MANY, form, "r1-") == {"choices": ["a", "c"]}


def test_word_numbers_become_code_points():
    raw = read_rows(ENGLISH, ("5", "", "wrong-entity"), ("7", "7", "wrong-number"), ("", "", "made-up"))

    assert [ENGLISH.text[s["start"] : s["end"]] for s in raw["spans"]] == ["Vienna", "1921"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("5", "5", ""), "unknown category none-chosen"),
        (("99", "", "made-up"), "lies outside the text"),
        (("0", "", "made-up"), "lies outside the text"),
        (("7", "5", "made-up"), "must end after it starts"),
        (("five", "", "made-up"), "should be a valid integer"),
    ],
)
def test_a_faulty_row_is_refused_with_a_sentence(row, fault):
    with pytest.raises(InvalidResponse, match=fault):
        parse_response("span-highlight", ENGLISH, read_rows(ENGLISH, row))


@given(st.sampled_from([ENGLISH, EMOJI, ARABIC, CHINESE]), st.data())
def test_rows_that_are_left_as_shown_keep_every_mark(content, data):
    touched = [(start, end) for start, end in words_of(content.text)]
    start = data.draw(st.sampled_from([word[0] for word in touched]))
    end = data.draw(st.integers(start + 1, len(content.text)))
    response = {"spans": [{"start": start, "end": end, "category": "made-up"}]}
    rows = ITEM_VIEWS["span-highlight"].context(content, response)["rows"]

    raw = read_rows(content, *((row.first, row.last, row.category, row.kept) for row in rows))

    assert raw == response


def test_words_are_what_people_number():
    words = [
        [content.text[start:end] for start, end in words_of(content.text)][:5] for content in (EMOJI, ARABIC, CHINESE)
    ]

    assert words == [
        ["We", "👩‍🔬", "tested", "🧪🧪", "the"],
        ["افتُتح", "الجسر", "عام", "١٩٣٧", "في"],
        ["京", "都", "是", "日", "本"],
    ]
