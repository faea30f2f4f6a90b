"""Feedback on a first wrong step: too early, too late or right, and what the experts found wrong with it."""

from enum import StrEnum
from fractions import Fraction

from flask_babel import gettext as _

from assessments.domain.schemas.first_wrong_step import (
    NO_STEP,
    FirstWrongStepContent,
    FirstWrongStepKey,
    FirstWrongStepResponse,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of


class Difference(StrEnum):
    """How a step stands to the one that most experts named."""

    NONE = "none"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"
    NOTHING_WRONG = "nothing-wrong"  # a step is named where the experts find none wrong
    OVERLOOKED = "overlooked"  # none is named where the experts find one wrong
    MISSING = "missing"


def feedback(
    content: FirstWrongStepContent, key: FirstWrongStepKey, response: FirstWrongStepResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, `difference`, whether the step `is_near`, the experts' `shares`, and the reasons.

    `accepted` are the reasons that the experts accept, `given` the one of the answer (None without one);
    `is_accepted` says whether it is among them. `backing` is the share of experts behind the step of the answer.
    """
    given = next((reason for reason in content.reasons if reason.id == response.reason), None)
    step = next(part.points for part in score.parts if part.name == "step")
    backing = Fraction(0) if response.step is None else key.shares.get(response.step, Fraction(0))
    return {
        "verdict": verdict_of(score.points),
        "difference": _difference(key.step, response.step),
        "is_near": not backing and step > 0,
        "backing": backing,
        "shares": sorted(key.shares.items(), key=lambda pair: (-pair[1], pair[0])),
        "accepted": [reason for reason in content.reasons if reason.id in key.reasons],
        "given": given,
        "is_accepted": isinstance(given, Category) and given.id in key.reasons,
    }


def explain(content: FirstWrongStepContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which step or reason is right."""
    by_name = {part.name: part for part in parts}
    step = by_name["step"].points
    said = [
        _("the step fits")
        if step == 1
        else _("the step fits in part, or is near")
        if step
        else _("another answer fits")
    ]
    if step == 1 and "reason" in by_name:
        said.append(_("the reason fits") if by_name["reason"].points else _("another reason fits"))
    return said


def _difference(right: int, given: int | None) -> Difference:
    if given is None:
        return Difference.MISSING
    if given == right:
        return Difference.NONE
    if right == NO_STEP:
        return Difference.NOTHING_WRONG
    if given == NO_STEP:
        return Difference.OVERLOOKED
    return Difference.TOO_EARLY if given < right else Difference.TOO_LATE
