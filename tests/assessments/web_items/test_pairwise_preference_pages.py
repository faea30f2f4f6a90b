"""Pairwise preference on its pages: shown, read back, refused, and told where it differs."""

import pytest
from hypothesis import given, settings

from assessments.domain.schemas.pairwise_preference import PairwisePreferenceContent, PairwisePreferenceKey
from tests.assessments.strategies.pairwise_preference import pairwise_preference_items
from tests.assessments.web_items.hands.pairwise_preference import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "pairwise-preference"
CONTENT = PairwisePreferenceContent.model_validate(SAMPLE["content"])
KEY = PairwisePreferenceKey.model_validate(SAMPLE["key"])
RIGHT = SAMPLE["response"]
SPLIT = PairwisePreferenceKey.model_validate({**SAMPLE["key"], "votes": {"b": 3, "equal": 1}})


@settings(max_examples=25)
@given(pairwise_preference_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, RIGHT, is_locked=True))


def test_what_was_refused_is_shown_again():
    typed = {"preference": "b", "strength": "much", "reasons": ["accurate", "made-up"]}

    assert sent_by(show(NAME, CONTENT, refused=typed)).to_dict(flat=False) == {
        "r1-preference": ["b"],
        "r1-strength": ["much"],
        "r1-reasons": ["accurate"],
    }


def test_only_what_the_item_asks_is_on_the_page():
    html = show(NAME, CONTENT.model_copy(update={"may_be_equal": False, "asks_strength": False, "reasons": ()}))

    assert "They are equal" not in html
    assert "How much better" not in html
    assert "Why is it better" not in html


def test_the_experts_answer_is_right():
    text = tell(NAME, CONTENT, KEY, RIGHT, {"a": "It sounds careful."})

    assert text.startswith("Right 100 % of the points The experts’ preference: Response B is better. You say the same.")
    assert "How much, in their eyes: Much better 80 %, Clearly better 20 %. You found as much." in text
    assert "You ticked exactly the reasons that hold." in text
    assert "It sounds careful." not in text


def test_a_weaker_strength_and_other_reasons_are_told():
    text = tell(NAME, CONTENT, KEY, {"preference": "b", "strength": "slightly", "reasons": ["accurate", "polite"]})

    assert text.startswith("Partly right 60 %")
    assert "You said: Slightly better, which is too weak." in text
    assert "You left out what holds: It is more complete" in text
    assert "You ticked what does not hold: It is politer" in text


def test_the_other_preference_is_told_with_the_experts_reasons_and_why_it_tempts():
    text = tell(NAME, CONTENT, KEY, {"preference": "a", "strength": "much"}, {"a": "It sounds careful."})

    assert text.startswith("Not right 0 %")
    assert "Yours: Response A is better." in text
    assert "Their reasons: It is accurate" in text
    assert "It sounds careful." in text


def test_experts_who_differ_are_told_with_their_shares():
    text = tell(NAME, CONTENT, SPLIT, {"preference": "equal"})

    assert "The experts did not all agree: Response B is better 75 %, They are equal 25 %." in text
    assert "You did not say how much." not in text


def test_no_preference_is_told():
    assert "You stated no preference, so nothing else counts." in tell(NAME, CONTENT, KEY, {})


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        (KEY, RIGHT, ["the preference fits", "the strength fits", "2 of 2 reasons found"]),
        (
            KEY,
            {"preference": "b", "strength": "clearly", "reasons": ["polite"]},
            ["the preference fits", "the strength fits in part", "0 of 2 reasons found", "1 reason too many"],
        ),
        (KEY, {"preference": "b"}, ["the preference fits", "no strength stated", "0 of 2 reasons found"]),
        (KEY, {"preference": "a", "reasons": ["polite"]}, ["another preference fits"]),
        (SPLIT, {"preference": "equal"}, ["the preference fits in part"]),
    ],
)
def test_a_result_says_where_the_points_came_from(key, raw, said):
    assert explain(NAME, CONTENT, key, raw) == said
