"""Numeric in the page: a field for the number, and its units to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.numeric import NumericContent, NumericResponse
from assessments.web.views.answers import raw_data


@dataclass(frozen=True, slots=True)
class UnitState:
    """One unit on offer and whether it is chosen."""

    id: str
    title: str
    is_chosen: bool


def read_form(content: NumericContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; the number as it was typed, for the schema to read."""
    raw: dict[str, object] = {}
    if typed := form.get(f"{prefix}value", "").strip():
        raw["value"] = typed
    if unit := form.get(f"{prefix}unit"):
        raw["unit"] = unit
    return raw


def is_answered(response: NumericResponse) -> bool:
    """Whether a number is given; without one the unit alone earns nothing."""
    return response.value is not None


def context(content: NumericContent, response: NumericResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: the `value` as text, and the `units`."""
    raw = raw_data(response)
    value = raw.get("value")
    return {
        "value": "" if value is None else str(value),
        "units": [UnitState(unit.id, unit.title, unit.id == raw.get("unit")) for unit in content.units],
    }
