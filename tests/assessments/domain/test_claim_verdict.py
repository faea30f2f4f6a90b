"""Claim verdict: keys, responses and points."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.claim_verdict import (
    ClaimVerdictContent,
    ClaimVerdictKey,
    ClaimVerdictResponse,
    Verdict,
    check_key,
    check_response,
)
from assessments.domain.scores import exact
from assessments.domain.scoring.claim_verdict import score, simple_strategies
from tests.assessments.item_strategies import claim_verdict_items

CONTENT = ClaimVerdictContent(claim="It opened in 1937.", evidence_title="Report", evidence=("a", "b", "c"))
KEY = ClaimVerdictKey(label=Verdict.CONTRADICTED, evidence=frozenset({2}))


def points(key: ClaimVerdictKey, label: str | None, evidence: set[int], confidence: float | None) -> Fraction:
    response = ClaimVerdictResponse(
        label=Verdict(label) if label else None, evidence=frozenset(evidence), confidence=confidence
    )
    return score(CONTENT, key, response).points


@given(claim_verdict_items())
def test_only_an_acceptable_answer_earns_1(item):
    content, key, response = item
    acceptable = (
        response.label is not None
        and key.shares[response.label] == max(key.shares.values())
        and response.evidence == key.evidence
        and response.confidence is not None
        and exact(response.confidence) == key.shares[response.label]
    )

    assert (score(content, key, response).points == 1) == acceptable


@given(claim_verdict_items())
def test_without_a_label_nothing_is_earned(item):
    content, key, response = item

    assert score(content, key, response.model_copy(update={"label": None})).points == 0


@given(claim_verdict_items())
def test_a_right_passage_more_or_a_wrong_one_less_never_costs(item):
    content, key, response = item
    before = score(content, key, response).points

    for passage in key.evidence ^ response.evidence:
        better = response.model_copy(update={"evidence": response.evidence ^ {passage}})
        assert score(content, key, better).points >= before


@given(claim_verdict_items(), st.sampled_from(Verdict))
def test_a_label_that_more_experts_share_never_earns_less(item, other):
    content, key, response = item
    assume(response.label is not None and key.shares[other] >= key.shares[response.label])

    better = response.model_copy(update={"label": other})
    assert score(content, key, better).points >= score(content, key, response).points


@given(claim_verdict_items(), st.floats(0, 1))
def test_a_confidence_nearer_to_the_share_of_experts_never_earns_less(item, other):
    content, key, response = item
    assume(response.label is not None and response.confidence is not None)
    share = key.shares[response.label]
    nearer, farther = sorted((response.confidence, other), key=lambda stated: abs(exact(stated) - share))

    earned = [
        score(content, key, response.model_copy(update={"confidence": stated})).points for stated in (nearer, farther)
    ]
    assert earned[0] >= earned[1]


@given(claim_verdict_items())
def test_evidence_for_a_verdict_that_no_expert_shares_earns_nothing(item):
    content, key, response = item
    assume(response.label is not None and key.shares[response.label] == 0)

    assert [part.points for part in score(content, key, response).parts[:2]] == [0, 0]


def test_points_add_up_from_label_evidence_and_confidence():
    assert points(KEY, "contradicted", {2}, 1.0) == 1
    assert points(KEY, "contradicted", {2, 3}, 0.9) == Fraction("0.6") + Fraction("0.2") * Fraction(2, 3) + Fraction(
        "0.2"
    ) * Fraction("0.99")
    assert points(KEY, "contradicted", {1}, None) == Fraction("0.6")


def test_knowing_that_one_does_not_know_keeps_the_confidence_part():
    assert points(KEY, "supported", {2}, 0.0) == Fraction("0.2")
    assert points(KEY, "supported", {2}, 1.0) == 0


def test_split_experts_give_credit_to_both_verdicts():
    key = ClaimVerdictKey(
        label=Verdict.CONTRADICTED,
        evidence=frozenset({2}),
        distribution={Verdict.CONTRADICTED: 0.8, Verdict.NOT_VERIFIABLE: 0.2},
    )

    assert points(key, "contradicted", {2}, 0.8) == 1
    assert points(key, "not-verifiable", {2}, 0.2) == Fraction("0.8") / 4 + Fraction("0.2")


def test_two_empty_selections_of_evidence_agree():
    key = ClaimVerdictKey(label=Verdict.NOT_VERIFIABLE)

    assert points(key, "not-verifiable", set(), 1.0) == 1
    assert points(key, "not-verifiable", {1}, 1.0) == Fraction("0.8")


def test_simple_strategies_are_every_verdict_with_no_or_all_evidence_sure_or_not():
    strategies = simple_strategies(CONTENT)

    assert len(strategies) == 12
    assert strategies["always supported, all evidence, sure"] == ClaimVerdictResponse(
        label=Verdict.SUPPORTED, evidence=frozenset({1, 2, 3}), confidence=1
    )


@pytest.mark.parametrize(
    ("shares", "complaint"),
    [({"supported": 0.5}, "sum to 1, got 0.5"), ({"supported": 0.4, "contradicted": 0.6}, "largest share")],
)
def test_a_distribution_that_contradicts_itself_is_refused(shares, complaint):
    with pytest.raises(ValidationError, match=complaint):
        ClaimVerdictKey(label=Verdict.SUPPORTED, evidence=frozenset({1}), distribution=shares)


@pytest.mark.parametrize(("evidence", "complaint"), [({4}, r"evidence \[4\]"), (set(), "needs the passages")])
def test_a_key_that_does_not_fit_is_refused(evidence, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(CONTENT, ClaimVerdictKey(label=Verdict.SUPPORTED, evidence=frozenset(evidence)))


def test_evidence_that_does_not_exist_is_refused():
    with pytest.raises(InvalidResponse, match=r"evidence \[4\] does not exist; the passages are 1 to 3"):
        check_response(CONTENT, ClaimVerdictResponse(evidence=frozenset({1, 4})))
