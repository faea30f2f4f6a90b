"""Feedback on a pairwise preference: the experts' preference and strength, reasons missed and reasons too many."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.schemas.pairwise_preference import (
    PairwisePreferenceContent,
    PairwisePreferenceKey,
    PairwisePreferenceResponse,
    Preference,
    Strength,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scores import ItemScore, Part
from assessments.domain.scoring.pairwise_preference import full_response
from assessments.web.feedback.verdicts import verdict_of

Answer = TypeVar("Answer")


class Difference(StrEnum):
    """How a strength stands to the experts'."""

    NONE = "none"
    TOO_STRONG = "too-strong"
    TOO_WEAK = "too-weak"
    MISSING = "missing"


def feedback(
    content: PairwisePreferenceContent,
    key: PairwisePreferenceKey,
    response: PairwisePreferenceResponse,
    score: ItemScore,
) -> dict[str, object]:
    """Return `verdict`, the experts' `shares`, and what they say of strength and reasons beside what the answer says.

    Strength and reasons are compared only where `is_compared`: some expert shares the preference, and it is not that
    the responses are equal. `difference` is None, and `strengths` empty, where no strength is scored. `held` are the
    reasons that hold, `missed` and `extra` those in which the answer differs.
    """
    backing = key.shares.get(response.preference, Fraction(0)) if response.preference else Fraction(0)
    best = full_response(content, key).strength
    return {
        "verdict": verdict_of(score.points),
        "shares": _most_first(key.shares),
        "is_compared": backing > 0 and response.preference is not Preference.EQUAL,
        "strengths": _most_first(key.strength_shares),
        "difference": _difference(key, response.strength, best) if best else None,
        "held": _reasons(content, key.reasons),
        "missed": _reasons(content, key.reasons - response.reasons),
        "extra": _reasons(content, response.reasons - key.reasons) if key.reasons else [],
    }


def explain(content: PairwisePreferenceContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which response is better, or why."""
    by_name = {part.name: part for part in parts}
    preference = by_name["preference"].points
    said = [_fit(preference, _("the preference fits"), _("the preference fits in part"), _("another preference fits"))]
    if preference and (strength := by_name.get("strength")) and strength.counts:
        said.append(_about_strength(strength, strength.points / preference))
    if preference and (reasons := by_name.get("reasons")) and reasons.counts:
        said.extend(_about_reasons(**reasons.counts))
    return said


def _about_strength(part: Part, points: Fraction) -> str:
    unless_it_fits: str = _("another strength fits") if part.counts["stated"] else _("no strength stated")
    return _fit(points, _("the strength fits"), _("the strength fits in part"), unless_it_fits)


def _about_reasons(found: int, right: int, extra: int) -> list[str]:
    said = [ngettext("%(found)s of %(num)s reason found", "%(found)s of %(num)s reasons found", right, found=found)]
    if extra:
        said.append(ngettext("%(num)s reason too many", "%(num)s reasons too many", extra))
    return said


def _fit(points: Fraction, fully: str, partly: str, not_at_all: str) -> str:
    return fully if points == 1 else partly if points else not_at_all


def _difference(key: PairwisePreferenceKey, given: Strength | None, best: Strength) -> Difference:
    if given is None:
        return Difference.MISSING
    if key.strength_shares.get(given) == key.strength_shares[best]:
        return Difference.NONE
    rising = list(Strength)
    return Difference.TOO_STRONG if rising.index(given) > rising.index(best) else Difference.TOO_WEAK


def _most_first(shares: Mapping[Answer, Fraction]) -> list[tuple[Answer, Fraction]]:
    return sorted(shares.items(), key=lambda pair: -pair[1])


def _reasons(content: PairwisePreferenceContent, ids: frozenset[str]) -> list[Category]:
    return [reason for reason in content.reasons if reason.id in ids]
