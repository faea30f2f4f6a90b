"""Feedback on a number: the right one with its unit, and whether the answer is too high, too low or in another unit."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from flask_babel import gettext as _

from assessments.domain.schemas.numeric import NumericContent, NumericKey, NumericResponse
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of


class Difference(StrEnum):
    """How the answer stands to the right one."""

    NONE = "none"
    MISSING = "missing"
    NO_UNIT = "no-unit"  # the number is right
    OTHER_UNIT = "other-unit"  # the number is right
    TOO_HIGH = "too-high"
    TOO_LOW = "too-low"


def feedback(
    content: NumericContent, key: NumericKey, response: NumericResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, `difference`, and as text what is `right`, what was `given`, and the `tolerance`."""
    units = {unit.id: unit.title for unit in content.units}
    return {
        "verdict": verdict_of(score.points),
        "difference": _difference(key, response, score),
        "right": _written(key.value, units.get(key.unit or "")),
        "given": "" if response.value is None else _written(response.value, units.get(response.unit or "")),
        "tolerance": _tolerance(key, units.get(key.unit or "")),
    }


def explain(content: NumericContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying the number or its unit."""
    points = {part.name: part.points for part in parts}
    if not points["number"]:
        return [_("another number is right")]
    if "unit" not in points:
        return [_("the number is right")]
    return [
        _("the number is right, and so is its unit") if points["unit"] else _("the number is right, its unit is not")
    ]


def _difference(key: NumericKey, response: NumericResponse, score: ItemScore) -> Difference:
    if response.value is None:
        return Difference.MISSING
    if score.points == 1:
        return Difference.NONE
    if score.points:
        return Difference.OTHER_UNIT if response.unit else Difference.NO_UNIT
    factor = key.factors.get(response.unit or "", Decimal(1))
    given = Fraction(response.value) * Fraction(factor)
    nearest = min((Fraction(value) for value in (key.value, *key.accepted)), key=lambda value: abs(value - given))
    return Difference.TOO_HIGH if given > nearest else Difference.TOO_LOW


def _tolerance(key: NumericKey, unit: str | None) -> str:
    said = ""
    if key.absolute:
        said = _("Up to %(most)s more or less is right, too.", most=_written(key.absolute, unit))
    elif key.relative:
        said = _("Up to %(most)s %% more or less is right, too.", most=_written(key.relative * 100, None))
    return said


def _written(number: Decimal, unit: str | None) -> str:
    digits = f"{number:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{digits} {unit}" if unit else digits
