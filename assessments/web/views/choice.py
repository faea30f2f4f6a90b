"""Choice in the page: options to tick."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.choice import ChoiceContent, ChoiceResponse
from assessments.web.views.answers import raw_data


@dataclass(frozen=True, slots=True)
class OptionState:
    """One option and whether it is ticked."""

    id: str
    text: str
    is_chosen: bool


def read_form(content: ChoiceContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states."""
    return {"choices": form.getlist(f"{prefix}choices")}


def is_answered(response: ChoiceResponse) -> bool:
    """Whether any option is ticked."""
    return bool(response.choices)


def context(content: ChoiceContent, response: ChoiceResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `options` with their state."""
    chosen = raw_data(response).get("choices", ())
    return {"options": [OptionState(option.id, option.text, option.id in chosen) for option in content.options]}
