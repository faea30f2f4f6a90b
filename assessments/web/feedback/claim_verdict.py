"""Feedback on a claim verdict: the experts' verdict and evidence, and how well the confidence was judged."""

from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.schemas.claim_verdict import ClaimVerdictContent, ClaimVerdictKey, ClaimVerdictResponse
from assessments.domain.scores import ItemScore, Part
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


def explain(content: ClaimVerdictContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which verdict or passages are right."""
    by_name = {part.name: part for part in parts}
    label, evidence, confidence = by_name["label"].points, by_name["evidence"], by_name["confidence"].points
    said = [
        _("the verdict fits") if label == 1 else _("the verdict fits in part") if label else _("another verdict fits")
    ]
    if label and evidence.counts:
        counts = evidence.counts
        if counts["right"]:
            said.append(_("%(found)s of %(right)s passages found", found=counts["found"], right=counts["right"]))
        if counts["extra"]:
            said.append(ngettext("%(num)s passage too many", "%(num)s passages too many", counts["extra"]))
    said.append(_("confidence earned %(points)s", points=f"{float(confidence):.2f}"))
    return said
