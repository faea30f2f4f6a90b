"""Results: the points of a released attempt question by question, with the parts that they add up from; never a key."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from assessments.domain.scores import Part
from assessments.models.attempts import Attempt, FormItem
from assessments.models.results import ItemResult


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The result at one position. `points` (0 to 1) is None where nothing was scored, or the question was dropped.

    `parts` is None for what was graded before the counts behind the points were kept: it cannot be explained.
    """

    position: int
    version_id: UUID
    is_scored: bool
    points: Fraction | None
    parts: tuple[Part, ...] | None


def list_question_results(session: Session, attempt_id: UUID) -> list[QuestionResult]:
    """The result of every position of a released attempt, in order, in one statement; nothing before the release."""
    rows = session.execute(
        select(FormItem.position, FormItem.item_version_id, FormItem.is_scored, ItemResult.points, ItemResult.parts)
        .join(Attempt, Attempt.id == FormItem.attempt_id)
        .outerjoin(
            ItemResult,
            and_(ItemResult.attempt_id == FormItem.attempt_id, ItemResult.position == FormItem.position),
        )
        .where(FormItem.attempt_id == attempt_id, Attempt.released_at.is_not(None))
        .order_by(FormItem.position)
    )
    return [
        QuestionResult(position, version_id, is_scored, points, _parts(stored))
        for position, version_id, is_scored, points, stored in rows
    ]


def _parts(stored: list[dict[str, Any]] | None) -> tuple[Part, ...] | None:
    if stored is None or any("counts" not in part for part in stored):
        return None
    return tuple(
        Part(part["name"], Fraction(part["points"]), Fraction(part["weight"]), part["counts"]) for part in stored
    )
