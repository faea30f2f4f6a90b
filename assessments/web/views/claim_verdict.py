"""Claim verdict in the page: passages to select, a verdict, and a scale of confidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.claim_verdict import ClaimVerdictContent, ClaimVerdictResponse
from assessments.web.views.answers import raw_data, whole_number

SCALE = (0.34, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.0)  # of three verdicts, a mere guess is right about 34 times in 100


@dataclass(frozen=True, slots=True)
class PassageState:
    """One numbered passage of the evidence and whether it is selected."""

    number: int
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Confidence:
    """One point of the scale: the value that the form sends, its percent, and whether it is chosen."""

    value: str
    percent: str
    is_chosen: bool


def read_form(content: ClaimVerdictContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; what was left open is left out."""
    raw: dict[str, object] = {"evidence": [whole_number(typed) for typed in form.getlist(f"{prefix}evidence")]}
    if label := form.get(f"{prefix}label"):
        raw["label"] = label
    if confidence := form.get(f"{prefix}confidence"):
        raw["confidence"] = _number(confidence)
    return raw


def is_answered(response: ClaimVerdictResponse) -> bool:
    """Whether a verdict is given; without one nothing of the answer counts."""
    return response.label is not None


def context(content: ClaimVerdictContent, response: ClaimVerdictResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `label`, `passages` and the points of the `confidence` scale."""
    raw = raw_data(response)
    selected = raw.get("evidence", ())
    return {
        "label": raw.get("label"),
        "passages": [PassageState(n, text, n in selected) for n, text in enumerate(content.evidence, start=1)],
        "confidence": _scale(raw.get("confidence")),
    }


def _scale(chosen: object) -> list[Confidence]:
    """The scale; a value between its points, which only a script can have sent, joins it so that none is lost."""
    points = {*SCALE, chosen} if isinstance(chosen, float) and 0 <= chosen <= 1 else SCALE
    return [Confidence(f"{point:g}", f"{point * 100:g}", point == chosen) for point in sorted(points)]


def _number(typed: str) -> float | str:
    try:
        return float(typed)
    except ValueError:
        return typed
