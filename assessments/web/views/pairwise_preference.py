"""Pairwise preference in the page: two responses, which is better, how much, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.pairwise_preference import (
    PairwisePreferenceContent,
    PairwisePreferenceResponse,
    Preference,
    Strength,
)
from assessments.web.views.answers import raw_data


@dataclass(frozen=True, slots=True)
class Choice:
    """One preference or one strength, and whether it is chosen."""

    value: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ReasonState:
    """One reason with its rule, and whether it is ticked."""

    id: str
    title: str
    rule: str
    is_chosen: bool


def read_form(content: PairwisePreferenceContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; what was left open is left out."""
    raw: dict[str, object] = {"reasons": form.getlist(f"{prefix}reasons")}
    for field in ("preference", "strength"):
        if typed := form.get(f"{prefix}{field}"):
            raw[field] = typed
    return raw


def is_answered(response: PairwisePreferenceResponse) -> bool:
    """Whether a preference is given; without one nothing of the answer counts."""
    return response.preference is not None


def context(
    content: PairwisePreferenceContent, response: PairwisePreferenceResponse | Mapping[str, Any]
) -> dict[str, object]:
    """Return what the template shows, with state: `preferences`, `strengths` (none unless asked for) and `reasons`."""
    raw = raw_data(response)
    preference, strength, ticked = raw.get("preference"), raw.get("strength"), raw.get("reasons", ())
    offered = [choice for choice in Preference if content.may_be_equal or choice is not Preference.EQUAL]
    return {
        "preferences": [Choice(choice.value, choice.value == preference) for choice in offered],
        "strengths": [Choice(step.value, step.value == strength) for step in Strength if content.asks_strength],
        "reasons": [
            ReasonState(reason.id, reason.title, reason.rule, reason.id in ticked) for reason in content.reasons
        ],
    }
