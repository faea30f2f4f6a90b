"""Marking: what a marker says of a response is kept, and with the last mark that an attempt waits for it is graded."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.scoring.marking import criteria_of, points_of_levels
from assessments.models.attempts import Attempt
from assessments.models.marks import Mark
from assessments.operations.grading import grade_attempt
from assessments.queries.marking import ResponseToMark, get_response_to_mark
from lms.accounts.models import Membership
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotAllowed
from lms.organisations.roles import Role

LONGEST_COMMENT = 2000  # characters


def mark_response(
    session: Session,
    *,
    attempt_id: UUID,
    position: int,
    marker_id: UUID,
    levels: Mapping[str, object],
    comment: str,
    at: datetime,
) -> bool:
    """Keep one marker's levels for a response; True when the attempt waited for nothing else and is graded now.

    Raises NotAllowed for whoever is no marker or sat the attempt, NotFound without such a response, Conflict when it
    waits no more or was marked by this marker before, Invalid for levels or a comment that do not fit.
    """
    if not _is_marker(session, marker_id):
        raise NotAllowed("Only markers may mark responses.")
    # Two marks of one attempt come one after the other, or neither would see the other and nobody would grade.
    # SQLite knows no row locks; there a write transaction holds the whole database.
    session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    to_mark = get_response_to_mark(session, attempt_id=attempt_id, position=position, marker_id=marker_id)
    _check(to_mark, levels, comment)
    kept = session.execute(
        insert_into(session, Mark)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            attempt_id=attempt_id,
            position=position,
            marker_id=marker_id,
            levels=dict(levels),
            comment=comment.strip(),
            marked_at=at,
        )
        .on_conflict_do_nothing()
        .returning(Mark.id)
    ).scalar_one_or_none()
    if kept is None:
        raise Conflict("You have marked this response already.")
    record(session, action="response.marked", actor=marker_id, subject_id=attempt_id, at=at, position=position)
    return grade_attempt(session, attempt_id=attempt_id, at=at) is not None


def _is_marker(session: Session, person_id: UUID) -> bool:
    held = select(Membership.id).where(Membership.person_id == person_id, Membership.role == Role.MARKER)
    return session.scalars(held).first() is not None


def _check(to_mark: ResponseToMark, levels: Mapping[str, object], comment: str) -> None:
    try:
        points_of_levels(criteria_of(to_mark.content), levels)
    except ValueError as fault:
        raise Invalid(str(fault)) from fault
    if len(comment.strip()) > LONGEST_COMMENT:
        raise Invalid(f"The comment is too long: at most {LONGEST_COMMENT} characters are kept.")
