"""Data check on its pages: shown, read back, refused, and told where it differs."""

import pytest
from hypothesis import given, settings
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.domain.schemas.data_check import DataCheckContent, DataCheckKey
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.strategies.data_check import data_check_items
from tests.assessments.web_items.hands.data_check import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "data-check"
CONTENT = DataCheckContent.model_validate(SAMPLE["content"])
KEY = DataCheckKey.model_validate(SAMPLE["key"])
SOUND = DataCheckKey()
RIGHT = SAMPLE["response"]
TEMPTATIONS = {"5": "It stands far from its twin.", "anything": "It looks clean."}


def marked(html: str) -> dict[str, str]:
    return {name: value for name, value in sent_by(html).items() if value}


@settings(max_examples=25)
@given(data_check_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, RIGHT, is_locked=True))


def test_rows_and_the_statement_that_all_are_sound_are_refused_together_and_shown_again():
    typed = MultiDict({"r1-row-3": "wrong-label", "r1-row-1": "", "r1-no_faults": "1"})
    raw = ITEM_VIEWS[NAME].read_form(CONTENT, typed, "r1-")

    with pytest.raises(InvalidResponse, match="only one of them can be meant"):
        parse_response(NAME, CONTENT, raw)
    assert marked(show(NAME, CONTENT, refused=raw)) == {"r1-row-3": "wrong-label", "r1-no_faults": "1"}


def test_every_row_and_cell_says_what_it_is_on_a_phone_too():
    html = show(NAME, CONTENT)

    assert html.count('data-label="Label"') == html.count('data-label="Fault"') == 7
    assert 'aria-label="Fault of row 7"' in html
    assert html.count("(empty)") == 1


def test_the_faulty_rows_with_their_faults_are_right():
    text = tell(NAME, CONTENT, KEY, RIGHT, TEMPTATIONS)

    assert text.startswith("Right 100 % of the points You found every faulty row, and what is wrong with it.")
    assert "tempts" not in text


def test_what_was_missed_named_otherwise_or_marked_without_need_is_told():
    rows = {"1": "personal", "3": "double", "6": "personal", "7": "missing"}
    text = tell(NAME, CONTENT, KEY, {"rows": rows}, TEMPTATIONS)

    assert text.startswith("Partly right")
    assert (
        "Row 3: Send me my money back, the lamp is broken., cancel, en The experts: Wrong label. "
        "You found the row, but you said: Double entry." in text
    )
    assert "en The experts: Double entry. You missed it. Double entry: The same text stands in a row above." in text
    assert "The experts: Personal data. You found it." in text
    assert (
        "You marked what is sound: Row 1: Please end my subscription on the 31st., cancel, en (as Personal data)"
        in text
    )
    assert "It stands far from its twin." in text
    assert "It looks clean." not in text


def test_that_so_many_marks_are_worth_nothing_is_explained():
    text = tell(NAME, CONTENT, KEY, {"rows": {"1": "double", "3": "double", "5": "double"}})

    assert text.startswith("Not right 0 % of the points You found 2 of 4, but with the sound rows that you marked")
    assert "worth no more" not in tell(NAME, CONTENT, KEY, {"rows": {"1": "double"}})


def test_all_faults_that_are_accepted_for_a_row_are_told():
    key = DataCheckKey(rows={7: "missing"}, accepted={7: frozenset({"wrong-label"})})

    assert "The experts: Wrong label or Missing value." in tell(NAME, CONTENT, key, {"rows": {"3": "double"}})


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"no_faults": True}, "Right 100 % of the points The experts find every row sound. You say the same."),
        ({}, "The experts find every row sound. You did not say so: tick “Every row is sound”"),
        ({"rows": {"1": "double"}}, "The experts find every row sound. You marked what is sound: Row 1:"),
    ],
)
def test_a_table_without_faults_is_told(raw, told):
    assert told in tell(NAME, CONTENT, SOUND, raw)


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        (KEY, RIGHT, ["4 of 4 faulty rows found"]),
        (
            KEY,
            {"rows": {"1": "double", "2": "double", "3": "double", "5": "double"}},
            ["2 of 4 faulty rows found", "2 sound rows marked", "1 with another fault"],
        ),
        (KEY, {"no_faults": True}, ["0 of 4 faulty rows found"]),
        (SOUND, {"no_faults": True}, ["the statement fits"]),
        (SOUND, {"rows": {"1": "double"}}, ["another answer fits"]),
    ],
)
def test_a_result_says_where_the_points_came_from(key, raw, said):
    assert explain(NAME, CONTENT, key, raw) == said
