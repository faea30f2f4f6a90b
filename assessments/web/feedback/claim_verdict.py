"""Feedback on a claim verdict: the experts' verdict and evidence, and how well the confidence was judged."""

from fractions import Fraction

from assessments.domain.schemas.claim_verdict import ClaimVerdictContent, ClaimVerdictKey, ClaimVerdictResponse
from assessments.domain.scores import ItemScore
from assessments.web.feedback.verdicts import Verdict, verdict_of


def feedback(
    content: ClaimVerdictContent, key: ClaimVerdictKey, response: ClaimVerdictResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, the experts' `shares`, passages `missed` and `extra`, the share behind the answer's label.

    `verdict` leaves confidence aside: who was right with 90 % confidence was right.
    """
    points = {part.name: part.points for part in score.parts}
    shares = {label: share for label, share in key.shares.items() if share}
    return {
        "verdict": _verdict(points["label"], points["evidence"]),
        "shares": sorted(shares.items(), key=lambda pair: -pair[1]),
        "missed": sorted(key.evidence - response.evidence),
        "extra": sorted(response.evidence - key.evidence),
        "backing": key.shares[response.label] if response.label else Fraction(0),
    }


def _verdict(label: Fraction, evidence: Fraction) -> Verdict:
    return verdict_of(label * (1 + evidence) / 2)
