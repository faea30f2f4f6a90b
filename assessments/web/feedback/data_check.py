"""Feedback on a data check: rows that were found, named wrongly, missed, and marked although they are sound."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.domain.schemas.data_check import DataCheckContent, DataCheckKey, DataCheckResponse
from assessments.domain.schemas.parts import Category
from assessments.domain.scores import ItemScore, Part
from assessments.web.feedback.verdicts import verdict_of


class Difference(StrEnum):
    """How the mark of a row stands to what the experts found in it."""

    NONE = "none"
    MISSED = "missed"
    CATEGORY = "category"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class RowFeedback:
    """One row: its first cells, the fault given and the faults that the experts accept (none for a sound row)."""

    number: int
    quote: str
    given: Category | None
    accepted: list[Category]
    difference: Difference


QUOTED = 3  # cells of a row that name it


def feedback(
    content: DataCheckContent, key: DataCheckKey, response: DataCheckResponse, score: ItemScore
) -> dict[str, object]:
    """Return `verdict`, the `faulty` rows and the `extra` marks with what differed, and whether all `is_sound`.

    `found` is how many faulty rows were marked, `is_no_better` whether for all that nothing was earned, because so
    many sound rows were marked, too.
    """
    found = len(response.rows.keys() & key.rows.keys())
    extra = sorted(response.rows.keys() - key.rows.keys())
    return {
        "verdict": verdict_of(score.points),
        "faulty": [_compare(content, key, number, response.rows.get(number)) for number in sorted(key.rows)],
        "extra": [_compare(content, key, number, response.rows[number]) for number in extra],
        "is_sound": not key.rows,
        "found": found,
        "is_no_better": found > 0 and not score.points,
    }


def explain(content: DataCheckContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which rows are faulty."""
    by_name = {part.name: part for part in parts}
    if "no-faults" in by_name:
        return [_("the statement fits") if by_name["no-faults"].points else _("another answer fits")]
    counts = by_name["location"].counts
    said = [_("%(found)s of %(right)s faulty rows found", found=counts["found"], right=counts["right"])]
    if counts["extra"]:
        said.append(ngettext("%(num)s sound row marked", "%(num)s sound rows marked", counts["extra"]))
    if wrong := by_name["category"].counts["wrong_category"]:
        said.append(ngettext("%(num)s with another fault", "%(num)s with another fault", wrong))
    return said


def _compare(content: DataCheckContent, key: DataCheckKey, number: int, given: str | None) -> RowFeedback:
    accepted = key.acceptable(number)
    return RowFeedback(
        number=number,
        quote=", ".join(cell.strip() or "–" for cell in content.rows[number - 1][:QUOTED]),
        given=next((fault for fault in content.faults if fault.id == given), None),
        accepted=[fault for fault in content.faults if fault.id in accepted],
        difference=_difference(accepted, given),
    )


def _difference(accepted: frozenset[str], given: str | None) -> Difference:
    if not accepted:
        return Difference.EXTRA
    if given is None:
        return Difference.MISSED
    return Difference.NONE if given in accepted else Difference.CATEGORY
