"""Scores claim verdicts: the label, the evidence for it, and how well confidence was judged."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.claim_verdict import (
    ClaimVerdictContent,
    ClaimVerdictKey,
    ClaimVerdictResponse,
    Verdict,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, exact, nothing, weigh
from assessments.domain.scoring.credit import f1, label_credit

WEIGHTS = {"label": Fraction(6, 10), "evidence": Fraction(2, 10), "confidence": Fraction(2, 10)}


def score(content: ClaimVerdictContent, key: ClaimVerdictKey, response: ClaimVerdictResponse) -> ItemScore:
    """Return 6/10 label + 2/10 evidence + 2/10 confidence; without a label, nothing.

    Label: the share of experts behind it, over the largest share.
    Evidence: F1 of the passages selected against those of the key, times the label's credit,
    because evidence for a wrong verdict supports nothing.
    Confidence c: 1 - (c - share of experts behind the label)^2; 0 when it was not stated.

    A wrong label at confidence 0 keeps the 2/10 of confidence. That is meant: a proper score
    rewards whoever knows that they do not know. Full score takes an acceptable answer in all parts.

    Sources: evidence counted with the label, Thorne et al. (2018), FEVER,
    doi:10.18653/v1/N18-1074. Confidence, Brier (1950), Monthly Weather Review 78(1), 1-3,
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; where experts are split, less the part
    that no forecast can avoid, Murphy (1973), Journal of Applied Meteorology 12(4), 595-600,
    doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2.
    """
    if response.label is None:
        return nothing(WEIGHTS)
    share = key.shares[response.label]
    label = label_credit(key.shares, response.label)
    found = {
        "found": len(response.evidence & key.evidence),
        "right": len(key.evidence),
        "extra": len(response.evidence - key.evidence),
    }
    return weigh(
        Part("label", label, WEIGHTS["label"]),
        Part("evidence", label * f1(response.evidence, key.evidence), WEIGHTS["evidence"], found),
        Part("confidence", _confidence_credit(response.confidence, share), WEIGHTS["confidence"]),
    )


def full_response(content: ClaimVerdictContent, key: ClaimVerdictKey) -> ClaimVerdictResponse:
    """Return a response that earns full score: its confidence is the share of experts behind the label."""
    share = key.shares[key.label]
    return ClaimVerdictResponse(label=key.label, evidence=key.evidence, confidence=float(share))


def key_with(content: ClaimVerdictContent, response: ClaimVerdictResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response; confidence is no part of a key."""
    label = None if response.label is None else response.label.value
    return {**key, "label": label, "evidence": sorted(response.evidence)}


def wrong_answers(content: ClaimVerdictContent, key: ClaimVerdictKey) -> list[str]:
    """Return the verdicts that no expert gave."""
    return [verdict.value for verdict in Verdict if not key.shares[verdict]]


def simple_strategies(content: ClaimVerdictContent) -> dict[str, ClaimVerdictResponse]:
    """Return the responses of someone who has not read the claim, by name of the strategy."""
    everything = frozenset(range(1, len(content.evidence) + 1))
    return {
        f"always {verdict}, {passages}, {certainty}": ClaimVerdictResponse(
            label=verdict, evidence=evidence, confidence=confidence
        )
        for verdict in Verdict
        for passages, evidence in (("no evidence", frozenset[int]()), ("all evidence", everything))
        for certainty, confidence in (("sure", 1.0), ("a third sure", 1 / 3))
    }


def _confidence_credit(confidence: float | None, share: Fraction) -> Fraction:
    if confidence is None:
        return Fraction(0)
    return 1 - (exact(confidence) - share) ** 2


TYPE = ItemType(
    name="claim-verdict",
    title="Claim verdict",
    task="Label a claim against evidence, select the passages that decide it, and say how sure you are.",
    content=ClaimVerdictContent,
    key=ClaimVerdictKey,
    response=ClaimVerdictResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Of five experts, four say contradicted and one not verifiable",
            ClaimVerdictContent(
                claim="The ferry runs every day.",
                evidence_title="Timetable",
                evidence=("The ferry is blue.", "There is no ferry on Mondays.", "A ticket costs two coins."),
            ),
            ClaimVerdictKey(
                label=Verdict.CONTRADICTED,
                evidence=frozenset({2}),
                distribution={Verdict.CONTRADICTED: 4, Verdict.NOT_VERIFIABLE: 1},
            ),
            ClaimVerdictResponse(label=Verdict.CONTRADICTED, evidence=frozenset({2, 3}), confidence=0.9),
        ),
    ),
)
