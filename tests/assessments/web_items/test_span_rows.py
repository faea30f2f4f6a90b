"""Words that people can number, rows that keep overlapping marks, and lanes in which no two marks meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.web.views.span_highlight import context, read_form
from assessments.web.views.span_layers import LAST_LANE, fitting_spans, lanes_of, segments
from assessments.web.views.words import words_of
from tests.assessments.item_strategies import span_highlight_items
from tests.assessments.web_items.sample_items import ENGLISH


def words(text):
    return [text[start:end] for start, end in words_of(text)]


@pytest.mark.parametrize(
    ("text", "numbered"),
    [
        ("น้ำท่วม ๒๕๕๔", ["น้ำ", "ท่", "ว", "ม", "๒", "๕", "๕", "๔"]),
        ("ताजमहल मुंबई में।", ["ताजमहल", "मुंबई", "में"]),
        ("a 👨‍👩‍👧‍👦 of 4, 🇩🇪🇦🇹", ["a", "👨‍👩‍👧‍👦", "of", "4", "🇩🇪🇦🇹"]),
        ("葛\U000e0100城と☎\ufe0f", ["葛\U000e0100", "城", "と", "☎\ufe0f"]),
        ("cafe\u0301-town’s", ["cafe\u0301-town’s"]),
        ("ספר של 1994, בברלין", ["ספר", "של", "1994", "בברלין"]),
    ],
)
def test_a_word_holds_whole_characters_in_every_script(text, numbered):
    assert words(text) == numbered


def form_of(rows):
    names = ("first", "last", "category", "kept")
    return MultiDict({f"r1-{name}-{row.number}": getattr(row, name) for row in rows for name in names})


@given(span_highlight_items())
def test_rows_that_are_left_as_shown_keep_marks_that_overlap(item):
    content, _, response = item
    spans = [span.model_dump() for span in response.spans]
    touching = [s for s in spans if any(a < s["end"] and s["start"] < b for a, b in words_of(content.text))]

    raw = read_form(content, form_of(context(content, {"spans": touching})["rows"]), "r1-")

    assert raw == {"spans": touching}


def test_two_rows_that_say_the_same_are_refused_and_both_shown_again():
    form = MultiDict(
        {f"r1-{name}-{n}": value for n in (1, 2) for name, value in (("first", "5"), ("category", "made-up"))}
    )
    raw = read_form(ENGLISH, form, "r1-")

    with pytest.raises(InvalidResponse, match="span 26 to 32 is marked as made-up 2 times; once is enough"):
        parse_response("span-highlight", ENGLISH, raw)
    shown = context(ENGLISH, raw)
    assert [row.first for row in shown["rows"][:3]] == ["5", "5", ""]
    assert len(shown["marks"]) == 1


@given(span_highlight_items())
def test_the_drawn_text_is_the_text_and_each_mark_covers_its_own_characters(item):
    content, _, response = item
    spans = fitting_spans(content, [span.model_dump() for span in response.spans])
    drawn, at, covered, ended = segments(content, spans), 0, 0, 0
    for segment in drawn:
        text = "".join(piece.text.unescape() for piece in segment.pieces)
        assert content.text.startswith(text, at)
        at += len(text)
        covered += len(text) * len(segment.layers)
        ended += sum(layer.is_end for layer in segment.layers)

    assert at == len(content.text)
    assert covered == sum(span["end"] - span["start"] for span in spans)
    assert ended == len(spans)


@given(st.sets(st.tuples(st.integers(0, 30), st.integers(1, 30)), max_size=12))
def test_marks_that_overlap_never_share_a_lane_above_the_last(some):
    spans = sorted(
        ({"start": start, "end": start + size} for start, size in some), key=lambda s: (s["start"], -s["end"])
    )
    lanes = lanes_of(spans)

    for n, (span, lane) in enumerate(zip(spans, lanes, strict=True)):
        for other, its_lane in zip(spans[:n], lanes[:n], strict=True):
            assert lane != its_lane or lane == LAST_LANE or other["end"] <= span["start"]
