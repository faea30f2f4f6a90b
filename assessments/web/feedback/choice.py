"""Feedback on a choice: options that were missed, and those that were ticked wrongly."""

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey, ChoiceResponse
from assessments.domain.schemas.parts import Option
from assessments.domain.scores import ItemScore, Part
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


def explain(content: ChoiceContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which options are right."""
    (part,) = parts
    if not content.many:
        return []
    counts = part.counts
    return [
        _("%(found)s of %(right)s right options ticked", found=counts["found"], right=counts["right"]),
        *(
            [ngettext("%(num)s ticked that is not right", "%(num)s ticked that are not right", counts["extra"])]
            if counts["extra"]
            else []
        ),
    ]
