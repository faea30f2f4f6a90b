"""Feedback on true or false: what the experts say."""

from assessments.domain.schemas.true_false import TrueFalseContent, TrueFalseKey, TrueFalseResponse
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of


def feedback(
    content: TrueFalseContent, key: TrueFalseKey, response: TrueFalseResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, and the experts' `shares`, the larger first."""
    shares = sorted(key.shares.items(), key=lambda pair: -pair[1])
    return {"verdict": verdict_of(score.points), "shares": [(truth.value, share) for truth, share in shares]}


def explain(content: TrueFalseContent, parts: tuple[Part, ...]) -> list[str]:
    """Right or wrong says it all."""
    return []
