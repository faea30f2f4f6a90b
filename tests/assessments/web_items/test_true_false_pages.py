"""True or false on its pages: shown, read back, refused, and told what the experts say."""

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.true_false import TrueFalseContent, TrueFalseKey
from tests.assessments.strategies.true_false import true_false_items
from tests.assessments.web_items.hands.true_false import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "true-false"
CONTENT = TrueFalseContent.model_validate(SAMPLE["content"])
KEY = TrueFalseKey(answer="false")
SPLIT = TrueFalseKey.model_validate(SAMPLE["key"])
TEMPTATIONS = {"true": "Electricity sounds clean."}


@settings(max_examples=25)
@given(true_false_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, SAMPLE["response"], is_locked=True))


def test_what_was_refused_leaves_both_answers_open():
    assert not sent_by(show(NAME, CONTENT, refused={"answer": "perhaps"}))


def test_the_passage_is_shown_where_there_is_one():
    assert "diesel bus" in show(NAME, CONTENT)
    assert 'class="passage"' not in show(NAME, CONTENT.model_copy(update={"passage": None}))


@pytest.mark.parametrize(
    ("raw", "begins"),
    [
        ({"answer": "false"}, "Right 100 % of the points The experts say: false."),
        ({"answer": "true"}, "Not right 0 % of the points The experts say: false."),
        ({}, "Not right 0 % of the points The experts say: false. You gave no answer."),
    ],
)
def test_what_the_experts_say_is_told(raw, begins):
    text = tell(NAME, CONTENT, KEY, raw, TEMPTATIONS)

    assert text.startswith(begins)
    assert ("Electricity sounds clean." in text) == (raw == {"answer": "true"})


def test_experts_who_differ_are_told_with_their_shares():
    text = tell(NAME, CONTENT, SPLIT, {"answer": "true"})

    assert text.startswith("Partly right 16 % of the points The experts did not all agree: false 85 %, true 14 %.")


def test_a_result_has_nothing_to_explain():
    assert explain(NAME, CONTENT, KEY, {"answer": "true"}) == []
