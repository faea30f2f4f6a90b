"""Turn review: keys, responses and points."""

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.metrics import recall_score

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.parts import Category
from assessments.domain.schemas.turn_review import (
    Speaker,
    Turn,
    TurnReviewContent,
    TurnReviewKey,
    TurnReviewResponse,
    check_key,
    check_response,
)
from assessments.domain.scoring.turn_review import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.turn_review import turn_review_items

LABELS = tuple(Category(id=name, title=name, rule="A rule.") for name in "xyz")
ANYTHING = anything(["labels", "1", "2", "8"], ["l0", "l1", "x", 1])


def make_content(turns: int, *, read_only: int = 0) -> TurnReviewContent:
    told = tuple(
        Turn(
            speaker=Speaker.USER if number <= read_only else Speaker.ASSISTANT,
            text="A turn.",
            is_reviewed=number > read_only,
        )
        for number in range(1, turns + 1)
    )
    return TurnReviewContent(prompt="Label.", turns=told, labels=LABELS)


def points(key: str, given: str) -> Fraction:
    """The points of labels against those of agreeing experts, one letter a turn, "-" for a turn left open."""
    response = TurnReviewResponse(labels={n: label for n, label in enumerate(given, start=1) if label != "-"})
    return score(make_content(len(key)), TurnReviewKey(labels=dict(enumerate(key, start=1))), response).points


@given(turn_review_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(turn_review_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(turn_review_items())
def test_only_a_label_that_most_experts_gave_on_every_turn_earns_1(item):
    content, key, response = item
    acceptable = all(
        key.shares(turn).get(response.labels.get(turn)) == max(key.shares(turn).values()) for turn in content.reviewed
    )

    assert (score(content, key, response).points == 1) == acceptable


@given(turn_review_items(), st.data())
def test_a_label_that_more_experts_share_never_earns_less(item, data):
    content, key, response = item
    turn = data.draw(st.sampled_from(content.reviewed))
    label = data.draw(st.sampled_from(content.labels)).id
    assume(key.shares(turn).get(label, 0) >= key.shares(turn).get(response.labels.get(turn), 0))

    better = TurnReviewResponse(labels={**response.labels, turn: label})
    assert score(content, key, better).points >= score(content, key, response).points


@given(turn_review_items(agreeing=True))
def test_one_label_throughout_earns_no_more_than_1_over_the_number_of_labels_that_occur(item):
    content, key, _ = item
    occurring = {label for label in key.labels.values() if isinstance(label, str)}

    for label in content.labels:
        constant = TurnReviewResponse(labels=dict.fromkeys(content.reviewed, label.id))
        expected = Fraction(label.id in occurring, len(occurring))
        assert score(content, key, constant).points == expected


@given(turn_review_items(agreeing=True))
def test_with_agreeing_experts_it_is_the_balanced_accuracy_of_scikit_learn(item):
    content, key, response = item
    truth = [key.labels[turn] for turn in content.reviewed]
    labels = [response.labels.get(turn, "none") for turn in content.reviewed]

    reference = recall_score(truth, labels, labels=sorted(set(truth)), average="macro", zero_division=0)

    assert isclose(score(content, key, response).points, reference, abs_tol=1e-12)


def test_a_rare_label_weighs_as_much_as_a_frequent_one():
    assert points("xxxxy", "xxxxx") == Fraction(1, 2)
    assert points("xxxxy", "----y") == Fraction(1, 2)
    assert points("xxxxy", "xx--y") == Fraction(3, 4)
    assert points("xxxxy", "yyyyx") == 0


def test_split_experts_give_credit_to_each_label_and_the_turn_stands_with_the_one_of_most():
    content = make_content(2)
    key = TurnReviewKey(labels={1: {"x": 1, "y": 3}, 2: "x"})

    assert score(content, key, TurnReviewResponse(labels={1: "x", 2: "x"})).points == (Fraction(1, 3) + 1) / 2


def test_experts_who_are_evenly_split_put_the_turn_with_the_label_on_offer_first():
    content, key = make_content(2), TurnReviewKey(labels={1: {"z": 1, "y": 1}, 2: "y"})

    for label in "yz":
        assert score(content, key, TurnReviewResponse(labels={1: label, 2: "y"})).points == 1
    assert score(content, key, TurnReviewResponse(labels={1: "y"})).points == Fraction(1, 2)  # one group of two turns


def test_counts_say_how_many_turns_are_labelled_and_how_many_as_most_experts_did():
    content, key = make_content(4, read_only=1), TurnReviewKey(labels={2: "x", 3: "y", 4: "x"})

    (part,) = score(content, key, TurnReviewResponse(labels={2: "x", 3: "x"})).parts

    assert part.counts == {"agreed": 1, "labelled": 2, "reviewed": 3}


def test_restating_the_key_keeps_votes():
    stated = {"labels": {"1": {"x": 2, "y": 1}, "2": "x"}}

    restated = key_with(make_content(2), TurnReviewResponse(labels={1: "y", 2: "z"}), stated)

    assert restated == {"labels": {"1": {"x": 2, "y": 1}, "2": "z"}}


def test_simple_strategies_are_each_label_throughout_and_the_labels_in_turn():
    strategies = simple_strategies(make_content(4, read_only=1))

    assert {name: "".join(response.labels.values()) for name, response in strategies.items()} == {
        "always label 1": "xxx",
        "always label 2": "yyy",
        "always label 3": "zzz",
        "always the last label": "zzz",
        "the labels in turn": "xyz",
    }


def test_some_turn_must_be_reviewed_and_labels_must_differ():
    with pytest.raises(ValidationError, match="no turn is reviewed"):
        make_content(2, read_only=2)
    with pytest.raises(ValidationError, match="label ids must differ"):
        TurnReviewContent(prompt="Label.", turns=make_content(1).turns, labels=LABELS[:1] * 2)


def test_votes_that_do_not_sum_up_are_refused_with_their_turn():
    with pytest.raises(ValidationError, match=r"turn 2: shares of experts must sum to 1, got 0\.9"):
        TurnReviewKey(labels={2: {"x": 0.5, "y": 0.4}})


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [({2: "x"}, r"key labels turns \[2\]; reviewed are \[2, 3\]"), ({2: "x", 3: {"q": 1}}, "unknown labels q")],
)
def test_a_key_that_does_not_fit_is_refused(labels, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(make_content(3, read_only=1), TurnReviewKey(labels=labels))


@pytest.mark.parametrize(
    ("labels", "complaint"), [({1: "x"}, "turn 1 needs no label"), ({2: "q"}, "unknown labels q; they are x, y, z")]
)
def test_a_response_that_does_not_fit_is_refused(labels, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(make_content(3, read_only=1), TurnReviewResponse(labels=labels))
