"""Turn review on its pages: shown, read back, refused, and told where it differs."""

from hypothesis import given, settings

from assessments.domain.schemas.turn_review import TurnReviewContent, TurnReviewKey
from tests.assessments.strategies.turn_review import turn_review_items
from tests.assessments.web_items.hands.turn_review import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "turn-review"
CONTENT = TurnReviewContent.model_validate(SAMPLE["content"])
KEY = TurnReviewKey.model_validate(SAMPLE["key"])
TEMPTATIONS = {"sound": "It is friendly.", "evasive": "It asks back."}


@settings(max_examples=25)
@given(turn_review_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump(mode="json"))) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, SAMPLE["response"], is_locked=True))


def test_what_was_refused_is_shown_again():
    refused = {"labels": {"3": "sound", "5": "made-up"}}

    assert sent_by(show(NAME, CONTENT, refused=refused)).to_dict() == {"r1-turn-3": "sound"}


def test_only_reviewed_turns_have_labels_and_every_turn_its_speaker():
    html = show(NAME, CONTENT)

    assert [n for n in range(1, 8) if f'name="r1-turn-{n}"' in html] == [3, 5, 7]
    assert [html.count(f'class="turn is-{who}"') for who in ("system", "user", "assistant")] == [1, 3, 3]


def test_the_experts_answer_is_right():
    text = tell(NAME, CONTENT, KEY, SAMPLE["response"], TEMPTATIONS)

    assert text.startswith("Right 100 % of the points You labelled every turn as most experts did.")
    assert "tempts" not in text


def test_turns_that_differ_are_told_with_both_labels_and_the_rule():
    text = tell(NAME, CONTENT, KEY, {"labels": {"3": "sound", "5": "sound"}}, TEMPTATIONS)

    assert text.startswith("Partly right 33 %")
    assert "1 of 3 turns have the label that most experts gave." in text
    assert "Turn 5 The experts: Wrong. You: Sound. Wrong: Something in it contradicts the rules." in text
    assert "Turn 7 The experts did not all agree: Evasive 80 %, Wrong 20 %. You gave no label." in text
    assert "It is friendly." in text
    assert "It asks back." not in text


def test_no_label_at_all_is_not_right():
    assert tell(NAME, CONTENT, KEY, {}).startswith("Not right 0 %")


def test_a_result_says_how_many_turns_agree_and_how_many_are_labelled():
    assert explain(NAME, CONTENT, KEY, SAMPLE["response"]) == ["3 of 3 turns labelled as most experts did"]
    assert explain(NAME, CONTENT, KEY, {"labels": {"3": "wrong", "5": "wrong"}}) == [
        "1 of 3 turns labelled as most experts did",
        "2 of 3 turns labelled at all",
    ]
