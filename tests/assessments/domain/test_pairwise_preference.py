"""Pairwise preference: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.pairwise_preference import (
    PairwisePreferenceContent,
    PairwisePreferenceKey,
    PairwisePreferenceResponse,
    Preference,
    Strength,
    check_key,
    check_response,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scoring.credit import level_credits
from assessments.domain.scoring.pairwise_preference import TYPE, score, simple_strategies, wrong_answers
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.pairwise_preference import pairwise_preference_items

CONTENT = PairwisePreferenceContent(
    task="A task.",
    response_a="An answer that is longer.",
    response_b="An answer.",
    reasons=tuple(Category(id=name, title=name, rule="A rule.") for name in "wxyz"),
)
ANYTHING = anything(["preference", "strength", "reasons"], ["a", "b", "equal", "much", "r0", ["r1"]])


def make_key(**facts) -> PairwisePreferenceKey:
    return PairwisePreferenceKey.model_validate(
        {"preference": "a", "strength": "clearly", "reasons": ["w", "x"], **facts}
    )


def points(
    key: PairwisePreferenceKey, preference: str | None, strength: str | None = None, reasons: str = ""
) -> Fraction:
    raw = {"preference": preference, "strength": strength, "reasons": list(reasons)}
    return score(CONTENT, key, PairwisePreferenceResponse.model_validate(raw)).points


@given(pairwise_preference_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(pairwise_preference_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(pairwise_preference_items())
def test_only_an_acceptable_answer_earns_1(item):
    content, key, response = item
    shares, strengths = key.shares, key.strength_shares
    acceptable = (
        response.preference is not None
        and shares.get(response.preference) == max(shares.values())
        and (not strengths or strengths.get(response.strength) == max(strengths.values()))
        and (not key.reasons or response.reasons == key.reasons)
    )

    assert (score(content, key, response).points == 1) == acceptable


@given(pairwise_preference_items())
def test_a_right_reason_more_or_a_wrong_one_less_never_costs(item):
    content, key, response = item
    assume(response.preference is not Preference.EQUAL)

    for reason in key.reasons ^ response.reasons if key.reasons else ():
        better = response.model_copy(update={"reasons": response.reasons ^ {reason}})
        assert score(content, key, better).points >= score(content, key, response).points


@given(pairwise_preference_items(), st.sampled_from(Preference), st.sampled_from(Strength))
def test_what_more_experts_share_never_earns_less(item, preference, strength):
    content, key, response = item
    assume(response.preference in (Preference.A, Preference.B) and preference is not Preference.EQUAL)
    before = score(content, key, response).points

    if key.shares.get(preference, 0) >= key.shares.get(response.preference, 0):
        better = response.model_copy(update={"preference": preference})
        assert score(content, key, better).points >= before
    if key.strength_shares.get(strength, 0) >= key.strength_shares.get(response.strength, 0):
        better = response.model_copy(update={"strength": strength})
        assert score(content, key, better).points >= before


@given(pairwise_preference_items())
def test_ticking_every_reason_earns_no_more_than_ticking_none(item):
    content, key, response = item
    assume(key.reasons and response.preference is not Preference.EQUAL)
    every, none = (
        response.model_copy(update={"reasons": ticked})
        for ticked in (frozenset(reason.id for reason in content.reasons), frozenset())
    )

    assert score(content, key, every).points == score(content, key, none).points


@given(pairwise_preference_items())
def test_strength_earns_what_levels_of_a_scale_of_three_earn(item):
    _, key, _ = item
    assume(key.strength_shares)
    place = {strength: number for number, strength in enumerate(Strength, start=1)}
    credits = level_credits({place[strength]: share for strength, share in key.strength_shares.items()}, range(1, 4))

    for strength, number in place.items():
        assert points_of_strength(key, strength) == credits[number]


def points_of_strength(key: PairwisePreferenceKey, strength: Strength) -> Fraction:
    response = PairwisePreferenceResponse(preference=key.preference, strength=strength)
    content = CONTENT.model_copy(update={"reasons": ()})
    return score(content, key.model_copy(update={"reasons": frozenset()}), response).parts[1].points


def test_points_add_up_from_preference_strength_and_reasons():
    assert points(make_key(), "a", "clearly", "wx") == 1
    assert points(make_key(), "a", "much", "wx") == Fraction(8, 10)
    assert points(make_key(), "a", "clearly", "wxy") == Fraction(8, 10) + Fraction(2, 10) / 2
    assert points(make_key(), "a") == Fraction(6, 10)
    assert points(make_key(), "b", "clearly", "wx") == 0


def test_strength_and_reasons_earn_in_proportion_to_the_preference():
    key = make_key(votes={"a": 4, "b": 1})

    assert points(key, "b", "clearly", "wx") == Fraction(1, 4)


@pytest.mark.parametrize(
    ("facts", "preference", "strength"),
    [
        ({"strength": None}, Fraction(6, 8), None),
        ({"reasons": []}, Fraction(6, 8), Fraction(2, 8)),
        ({"strength": None, "reasons": []}, Fraction(1), None),
    ],
)
def test_parts_that_the_experts_did_not_state_fall_away(facts, preference, strength):
    weights = {part.name: part.weight for part in score(CONTENT, make_key(**facts), response_of("a")).parts}

    assert (weights["preference"], weights.get("strength")) == (preference, strength)


def response_of(preference: str) -> PairwisePreferenceResponse:
    return PairwisePreferenceResponse(preference=Preference(preference))


def test_finding_them_equal_as_the_experts_do_is_all():
    key = PairwisePreferenceKey(preference=Preference.EQUAL)

    assert points(key, "equal") == 1
    assert points(key, "a", "slightly", "w") == 0


def test_strength_and_reasons_fall_away_from_an_answer_that_finds_them_equal():
    response = PairwisePreferenceResponse.model_validate({"preference": "equal", "strength": "much", "reasons": ["w"]})

    assert response == PairwisePreferenceResponse(preference=Preference.EQUAL)


def test_only_preferences_on_offer_that_no_expert_shares_are_wrong():
    strict = CONTENT.model_copy(update={"may_be_equal": False})

    assert wrong_answers(CONTENT, make_key()) == ["b", "equal"]
    assert wrong_answers(strict, make_key(votes={"a": 2, "b": 1})) == []


def test_simple_strategies_know_length_and_every_amount_of_ticks():
    strategies = simple_strategies(CONTENT)

    assert strategies["always the longer, much better, every reason"] == PairwisePreferenceResponse(
        preference=Preference.A, strength=Strength.MUCH, reasons=frozenset("wxyz")
    )
    assert strategies["always equal"] == response_of("equal")
    assert len(strategies) == 25


def test_reasons_must_differ():
    twice = (Category(id="w", title="w", rule="A rule."),) * 2
    with pytest.raises(ValidationError, match="reason ids must differ"):
        PairwisePreferenceContent(task="A task.", response_a="a", response_b="b", reasons=twice)


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"votes": {"a": 1, "b": 2}}, "a is not what most experts preferred"),
        ({"strength": {"much": 0.5}}, "sum to 1"),
    ],
)
def test_votes_that_contradict_the_key_are_refused(facts, complaint):
    with pytest.raises(ValidationError, match=complaint):
        make_key(**facts)


@pytest.mark.parametrize(
    ("facts", "asked", "complaint"),
    [
        ({"votes": {"a": 2, "equal": 1}}, {"may_be_equal": False}, "does not offer that"),
        ({}, {"asks_strength": False}, "none is asked for"),
        ({"preference": "equal", "reasons": []}, {}, "the responses are equal"),
        ({"preference": "equal", "strength": None}, {}, "no reason to prefer one"),
        ({"reasons": ["q"]}, {}, "unknown reasons q; they are w, x, y, z"),
        ({"reasons": list("wxyz")}, {}, "every reason holds"),
        ({"votes": {"a": 2, "b": 2}}, {}, "evenly split"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(facts, asked, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(CONTENT.model_copy(update=asked), make_key(**facts))


@pytest.mark.parametrize(
    ("raw", "asked", "complaint"),
    [
        ({"preference": "equal"}, {"may_be_equal": False}, "equal is not on offer"),
        ({"preference": "a", "strength": "much"}, {"asks_strength": False}, "does not ask how much"),
        ({"preference": "a", "reasons": ["q"]}, {}, "unknown reasons q; they are w, x, y, z"),
    ],
)
def test_a_response_that_does_not_fit_is_refused(raw, asked, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(CONTENT.model_copy(update=asked), PairwisePreferenceResponse.model_validate(raw))
