"""Match on its pages: shown, read back, refused, and told pair by pair."""

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.match import MatchContent, MatchKey
from tests.assessments.strategies.match import match_items
from tests.assessments.web_items.hands.match import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "match"
CONTENT = MatchContent.model_validate(SAMPLE["content"])
KEY = MatchKey.model_validate(SAMPLE["key"])
RIGHT = SAMPLE["response"]["pairs"]
TEMPTATIONS = {"opened": "The digits are the same."}


def with_target(text):
    targets = [{"id": "long", "text": text}, *SAMPLE["content"]["targets"]]
    return MatchContent.model_validate({**SAMPLE["content"], "targets": targets})


@settings(max_examples=25)
@given(match_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, SAMPLE["response"], is_locked=True))


def test_what_was_refused_is_shown_again():
    refused = {"pairs": {"opened": "number", "museum": "whim"}}

    assert sent_by(show(NAME, CONTENT, refused=refused)).to_dict() == {"r1-target-opened": "number"}


def test_short_targets_stand_in_the_selects_alone():
    html = show(NAME, CONTENT)

    assert "The partners" not in html
    assert ">Wrong number or date</option>" in html


@pytest.mark.parametrize("text", ["A target that nobody could read in a list of choices. " * 3, "Two\nlines"])
def test_long_targets_are_listed_with_letters_and_chosen_by_these(text):
    html = show(NAME, with_target(text))

    assert "The partners" in html
    assert html.count("</option>") == 4 * 5
    assert f">A: {text.replace(chr(10), ' ')[:60]}" in html
    assert ">C: Wrong number or date</option>" in html


def test_the_experts_pairs_are_right():
    text = tell(NAME, CONTENT, KEY, SAMPLE["response"], TEMPTATIONS)

    assert text.startswith("Right 100 % of the points")
    assert "It lends 3,000 books a week. Right: it has no partner." in text
    assert "The digits are the same." not in text


@pytest.mark.parametrize(
    ("changed", "verdict", "told"),
    [
        ({"opened": "invented"}, "Partly right", "You gave it Not in the source; its partner is Wrong number or date."),
        ({"opened": None}, "Partly right", "You gave it none; its partner is Wrong number or date."),
        ({"lends": "number"}, "Partly right", "It has no partner; you gave it Wrong number or date."),
    ],
)
def test_each_pair_that_differs_is_told(changed, verdict, told):
    pairs = {entry: target for entry, target in {**RIGHT, **changed}.items() if target}

    text = tell(NAME, CONTENT, KEY, {"pairs": pairs}, TEMPTATIONS)

    assert text.startswith(verdict)
    assert told in text
    assert "The digits are the same." in text


def test_all_that_is_accepted_for_an_entry_is_told():
    key = MatchKey(pairs=RIGHT, accepted={"wing": frozenset({"number"})})

    text = tell(NAME, CONTENT, key, {"pairs": {"wing": "number"}})

    assert "Right: Wrong number or date or Not in the source." in text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (RIGHT, ["3 of 3 pairs are right"]),
        ({"opened": "number", "lends": "number"}, ["1 of 3 pairs is right", "1 entry was matched that has no partner"]),
        ({}, ["0 of 3 pairs are right"]),
    ],
)
def test_a_result_says_where_the_points_came_from(raw, said):
    assert explain(NAME, CONTENT, KEY, {"pairs": raw}) == said
