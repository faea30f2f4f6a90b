"""Data check in the page: a table with a fault to choose for each row, or the statement that there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.data_check import DataCheckContent, DataCheckResponse
from assessments.web.views.answers import raw_data


@dataclass(frozen=True, slots=True)
class FaultState:
    """One fault on offer for a row, and whether it is chosen."""

    id: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RowState:
    """One numbered row: its cells, (column, text) each, and the state of its faults."""

    number: int
    cells: tuple[tuple[str, str], ...]
    faults: tuple[FaultState, ...]


def read_form(content: DataCheckContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; rows that are left as sound are left out."""
    typed = {number: form.get(f"{prefix}row-{number}", "") for number in range(1, len(content.rows) + 1)}
    return {
        "rows": {str(number): fault for number, fault in typed.items() if fault},
        "no_faults": f"{prefix}no_faults" in form,
    }


def is_answered(response: DataCheckResponse) -> bool:
    """Whether a row is marked, or that none is faulty."""
    return bool(response.rows) or response.no_faults


def context(content: DataCheckContent, response: DataCheckResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `rows` with the state of their faults, and `no_faults`."""
    raw = raw_data(response)
    chosen = {str(number): fault for number, fault in raw.get("rows", {}).items()}
    return {
        "rows": [
            RowState(
                number,
                tuple(zip(content.columns, row, strict=True)),
                tuple(
                    FaultState(fault.id, fault.title, fault.id == chosen.get(str(number))) for fault in content.faults
                ),
            )
            for number, row in enumerate(content.rows, start=1)
        ],
        "no_faults": bool(raw.get("no_faults")),
    }
