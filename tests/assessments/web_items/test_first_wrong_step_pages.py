"""First wrong step on its pages: shown, read back, refused, and told where it differs."""

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.first_wrong_step import FirstWrongStepContent, FirstWrongStepKey
from tests.assessments.strategies.first_wrong_step import first_wrong_step_items
from tests.assessments.web_items.hands.first_wrong_step import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "first-wrong-step"
CONTENT = FirstWrongStepContent.model_validate(SAMPLE["content"])
KEY = FirstWrongStepKey(step=3, reasons=frozenset({"method"}))
SPLIT = FirstWrongStepKey.model_validate(SAMPLE["key"])
SOUND = FirstWrongStepKey(step=0)
TEMPTATIONS = {"2": "Pipes look alike.", "arithmetic": "Numbers stand there."}


@settings(max_examples=25)
@given(first_wrong_step_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, SAMPLE["response"], is_locked=True))


def test_what_was_refused_is_shown_again():
    assert sent_by(show(NAME, CONTENT, refused={"step": 3, "reason": "whim"})).to_dict() == {"r1-step": "3"}
    assert sent_by(show(NAME, CONTENT, refused={"step": "third", "reason": "method"})).to_dict() == {
        "r1-reason": "method"
    }


def test_without_reasons_on_offer_none_is_asked_for():
    assert "What is wrong with it?" not in show(NAME, CONTENT.model_copy(update={"reasons": ()}))


def test_the_experts_answer_is_right():
    text = tell(NAME, CONTENT, KEY, SAMPLE["response"], TEMPTATIONS)

    assert text.startswith(
        "Right 100 % of the points The experts say that step 3 is the first wrong one. You say the same."
    )
    assert "What is wrong with it: Wrong method. That is your reason, too." in text
    assert "tempts" not in text


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"step": 3, "reason": "arithmetic"}, "You said: Wrong arithmetic."),
        ({"step": 3}, "You gave no reason."),
        ({"step": 1}, "You named step 1, which is too early: it still holds."),
        ({"step": 5}, "You named step 5, which is too late: the fault begins before it."),
        ({"step": 4}, "It stands right beside the fault, which earns a little."),
        ({"step": 0}, "You found no step wrong."),
        ({}, "You named no step."),
    ],
)
def test_where_the_answer_differs_is_told(raw, told):
    text = tell(NAME, CONTENT, KEY, raw)

    assert told in text
    assert ("Together they take the mean of both times" in text) == (raw.get("step") != 3)


def test_a_step_named_where_none_is_wrong_is_told():
    text = tell(NAME, CONTENT, SOUND, {"step": 2}, TEMPTATIONS)

    assert text.startswith(
        "Not right 0 % of the points The experts find no step wrong. You named step 2, but it holds."
    )
    assert "Pipes look alike." in text
    assert "Numbers stand there." not in text


def test_experts_who_differ_are_told_with_their_shares():
    text = tell(NAME, CONTENT, SPLIT, {"step": 4, "reason": "method"})

    assert "The experts did not all agree: step 3 85 %, step 4 14 %." in text
    assert "right beside the fault" not in text
    assert "What is wrong with it: Wrong method. That is your reason, too." in text


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        (KEY, {"step": 3, "reason": "method"}, ["the step fits", "the reason fits"]),
        (KEY, {"step": 3, "reason": "misread"}, ["the step fits", "another reason fits"]),
        (KEY, {"step": 2, "reason": "method"}, ["the step fits in part, or is near"]),
        (KEY, {"step": 0}, ["another answer fits"]),
        (SOUND, {"step": 0}, ["the step fits"]),
    ],
)
def test_a_result_says_where_the_points_came_from(key, raw, said):
    assert explain(NAME, CONTENT, key, raw) == said
