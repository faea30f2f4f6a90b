"""Feedback on a choice: options that were missed, and those that were ticked wrongly."""

from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey, ChoiceResponse, Option
from assessments.domain.scores import ItemScore
from assessments.web.feedback.verdicts import verdict_of


def feedback(content: ChoiceContent, key: ChoiceKey, response: ChoiceResponse, score: ItemScore) -> dict[str, object]:
    """Return `verdict`, and the options `right`, `missed`, `extra` by the accepted set nearest to the response."""
    nearest = min(key.acceptable, key=lambda accepted: len(accepted ^ response.choices))
    return {
        "verdict": verdict_of(score.points),
        "right": _options(content, nearest),
        "missed": _options(content, nearest - response.choices),
        "extra": _options(content, response.choices - nearest),
    }


def _options(content: ChoiceContent, ids: frozenset[str]) -> list[Option]:
    return [option for option in content.options if option.id in ids]
