"""First wrong step in the page: numbered steps, one of them to choose, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.first_wrong_step import NO_STEP, FirstWrongStepContent, FirstWrongStepResponse
from assessments.web.views.answers import raw_data, whole_number


@dataclass(frozen=True, slots=True)
class StepState:
    """One step with its number, and whether it is chosen as the first wrong one."""

    number: int
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ReasonState:
    """One thing that may be wrong with a step, its rule, and whether it is chosen."""

    id: str
    title: str
    rule: str
    is_chosen: bool


def read_form(content: FirstWrongStepContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; what was left open is left out."""
    raw: dict[str, object] = {}
    if step := form.get(f"{prefix}step"):
        raw["step"] = whole_number(step)
    if reason := form.get(f"{prefix}reason"):
        raw["reason"] = reason
    return raw


def is_answered(response: FirstWrongStepResponse) -> bool:
    """Whether a step is named, or that none is wrong."""
    return response.step is not None


def context(content: FirstWrongStepContent, response: FirstWrongStepResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `steps`, whether `is_no_step` is chosen, and `reasons`."""
    raw = raw_data(response)
    step, chosen = raw.get("step"), raw.get("reason")
    return {
        "steps": [StepState(number, text, number == step) for number, text in enumerate(content.steps, start=1)],
        "is_no_step": step == NO_STEP,
        "reasons": [
            ReasonState(reason.id, reason.title, reason.rule, reason.id == chosen) for reason in content.reasons
        ],
    }
