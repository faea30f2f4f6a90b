"""Scores a data check: which rows are faulty, and what is wrong with them."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.data_check import (
    DataCheckContent,
    DataCheckKey,
    DataCheckResponse,
    check_key,
    check_response,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scores import ItemScore, Part, weigh
from assessments.domain.scoring.credit import f1

LOCATION, CATEGORY = Fraction(7, 10), Fraction(3, 10)


def score(content: DataCheckContent, key: DataCheckKey, response: DataCheckResponse) -> ItemScore:
    """Return location * (7/10 + 3/10 category).

    Location: the F1 of the rows marked against the faulty rows, corrected so that marking every row earns 0:
    max(0, (F1 - F_all) / (1 - F_all)), where F_all is the F1 of marking every row. F1 is twice the faulty rows that
    are marked, over the rows marked plus the faulty rows.

    Category: of the faulty rows that were found, the share for which a fault was named that the experts accept.

    A table without faults earns 1 for the statement that every row is sound, else 0.

    Raises ZeroDivisionError for a key that has not passed `check_key`, where every row is faulty.

    Source: the correction has the form of Cohen (1960), Educ. Psychol. Meas. 20(1), 37-46,
    doi:10.1177/001316446002000104. The weights are ours; they are those of span highlight.
    """
    if not key.rows:
        return weigh(Part("no-faults", Fraction(response.no_faults), Fraction(1)))
    found = response.rows.keys() & key.rows.keys()
    named = [row for row in found if response.rows[row] in key.acceptable(row)]
    location = _above_marking_all(len(content.rows), key.rows.keys(), response.rows.keys())
    category = Fraction(len(named), len(found)) if found else Fraction(0)
    counts = {"found": len(found), "right": len(key.rows), "extra": len(response.rows.keys() - key.rows.keys())}
    return weigh(
        Part("location", location, LOCATION, counts),
        Part("category", location * category, CATEGORY, {"wrong_category": len(found) - len(named)}),
    )


def full_response(content: DataCheckContent, key: DataCheckKey) -> DataCheckResponse:
    """Return a response that earns full score: the key's rows with their faults, or that there are none."""
    return DataCheckResponse(rows=key.rows, no_faults=not key.rows)


def key_with(content: DataCheckContent, response: DataCheckResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response; accepted faults stay for the rows that are still faulty."""
    rows = {str(row): fault for row, fault in response.rows.items()}
    accepted = {str(row): faults for row, faults in dict(key.get("accepted") or {}).items() if str(row) in rows}
    return {**key, "rows": rows, "accepted": accepted}


def wrong_answers(content: DataCheckContent, key: DataCheckKey) -> None:
    """Each row has its own wrong faults, which are too many to list one by one."""


def simple_strategies(content: DataCheckContent) -> dict[str, DataCheckResponse]:
    """Return the marks of someone who has not read the table, by name of the strategy."""
    rows = range(1, len(content.rows) + 1)
    first = content.faults[0].id
    gaps = [row for row, cells in zip(rows, content.rows, strict=True) if not all(cell.strip() for cell in cells)]
    twins = [row for row in rows if content.rows[row - 1] in content.rows[: row - 1]]
    marked: dict[str, Collection[int]] = {
        "mark every row with the first fault": rows,
        "mark every other row with the first fault": rows[::2],
        "mark the last row with the first fault": rows[-1:],
        "mark rows with an empty cell, and rows that stood before, with the first fault": {*gaps, *twins},
    }
    stated = {name: DataCheckResponse(rows=dict.fromkeys(some, first)) for name, some in marked.items()}
    return {"state that every row is sound": DataCheckResponse(no_faults=True), **stated}


def _above_marking_all(count: int, faulty: Collection[int], marked: Collection[int]) -> Fraction:
    everything = f1(range(1, count + 1), faulty)
    return max(Fraction(0), (f1(marked, faulty) - everything) / (1 - everything))


_FAULTS = (
    Category(id="impossible", title="Impossible value", rule="No such thing can be, whatever the source says."),
    Category(id="format", title="Wrong format", rule="The value may be right, but it is not written as asked for."),
    Category(id="double", title="Double entry", rule="The row says again what a row before it says."),
)
_READINGS = DataCheckContent(
    prompt="Find the rows that cannot go into the report.",
    rules="Days are written as 2024-03-31. Temperatures are in degrees Celsius, of outdoor air.",
    columns=("Station", "Day", "Highest"),
    rows=(
        ("Harbour", "2024-07-01", "24.5"),
        ("Harbour", "2 July 2024", "23.0"),
        ("Castle", "2024-07-01", "223.0"),
        ("Castle", "2024-07-02", "22.0"),
        ("Airfield", "2024-07-01", "25.5"),
        ("Harbour", "2024-07-01", "24.5"),
        ("Airfield", "2024-07-02", "24.0"),
        ("Castle", "2024-07-03", "21.5"),
    ),
    faults=_FAULTS,
)
TYPE = ItemType(
    name="data-check",
    title="Data check",
    task="Find the faulty rows of a table, and say what is wrong with each.",
    content=DataCheckContent,
    key=DataCheckKey,
    response=DataCheckResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Of three faulty rows two are found, one of them with another fault, and a sound row is marked",
            _READINGS,
            DataCheckKey(rows={2: "format", 3: "impossible", 6: "double"}),
            DataCheckResponse(rows={2: "format", 3: "format", 4: "impossible"}),
        ),
    ),
)
