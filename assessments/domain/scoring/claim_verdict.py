"""Scores claim verdicts: the label, the evidence for it, and how well confidence was judged."""

from collections.abc import Set
from fractions import Fraction

from assessments.domain.schemas.claim_verdict import (
    ClaimVerdictContent,
    ClaimVerdictKey,
    ClaimVerdictResponse,
    Verdict,
)
from assessments.domain.scores import ItemScore, Part, exact, nothing, weigh

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
    label = share / max(key.shares.values())
    return weigh(
        Part("label", label, WEIGHTS["label"]),
        Part("evidence", label * _f1(response.evidence, key.evidence), WEIGHTS["evidence"]),
        Part("confidence", _confidence_credit(response.confidence, share), WEIGHTS["confidence"]),
    )


def full_response(content: ClaimVerdictContent, key: ClaimVerdictKey) -> ClaimVerdictResponse:
    """Return a response that earns full score: its confidence is the share of experts behind the label."""
    share = key.shares[key.label]
    return ClaimVerdictResponse(label=key.label, evidence=key.evidence, confidence=float(share))


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


def _f1(selected: Set[int], right: Set[int]) -> Fraction:
    if not selected and not right:
        return Fraction(1)
    return Fraction(2 * len(selected & right), len(selected) + len(right))


def _confidence_credit(confidence: float | None, share: Fraction) -> Fraction:
    if confidence is None:
        return Fraction(0)
    return 1 - (exact(confidence) - share) ** 2
