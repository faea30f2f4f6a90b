"""Feedback on a short text: what is accepted as right and as partly right."""

from flask_babel import gettext as _

from assessments.domain.schemas.short_text import ShortTextContent, ShortTextKey, ShortTextResponse
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of


def feedback(
    content: ShortTextContent, key: ShortTextKey, response: ShortTextResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, the texts accepted as `right` and as `partly` right, the former the key's first one first."""
    return {
        "verdict": verdict_of(score.points),
        "right": [answer.text for answer in key.answers if answer.points == 1],
        "partly": [answer.text for answer in key.answers if answer.points < 1],
    }


def explain(content: ShortTextContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in a sentence where the points came from, without saying the text."""
    (part,) = parts
    if part.points == 1:
        return []
    return [_("the text is partly right")] if part.points else [_("another text is right")]
