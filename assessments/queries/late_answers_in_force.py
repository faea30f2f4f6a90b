"""Late answers in force: those that count, because a manager accepted the late answers of their attempt."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from assessments.models.attempts import FormItem, LateDecision, LateResponse, Response


def has_accepted_late_answers() -> ColumnElement[bool]:
    """Whether the late answers of a form's attempt were accepted; a column, so that looking costs no statement."""
    accepted = exists().where(LateDecision.attempt_id == FormItem.attempt_id, LateDecision.is_accepted)
    return accepted.label("has_accepted_late_answers")


def get_late_answers_that_count(
    session: Session, attempt_ids: Collection[UUID]
) -> dict[tuple[UUID, int], dict[str, Any]]:
    """The late answers of these attempts by attempt and position; no statement for none of them, else one.

    The highest sequence wins here too: what was saved in time after a late answer had been given stands.
    """
    if not attempt_ids:
        return {}
    rows = session.execute(
        select(LateResponse.attempt_id, LateResponse.position, LateResponse.response)
        .outerjoin(
            Response,
            (Response.attempt_id == LateResponse.attempt_id) & (Response.position == LateResponse.position),
        )
        .where(
            LateResponse.attempt_id.in_(attempt_ids),
            or_(Response.sequence.is_(None), Response.sequence < LateResponse.sequence),
        )
    )
    return {(attempt_id, position): response for attempt_id, position, response in rows}
