"""Accommodations: granted to a person for every test from now on and for what is open, ended, audited without words."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from assessments.domain.deadlines import MOST_PERCENT, Allowance
from assessments.models.accommodations import Accommodation
from assessments.models.attempts import Attempt
from assessments.operations.timing import open_attempts, set_clock
from assessments.queries.attempts import clock_of
from lms.accounts.people import get_member
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotAllowed, NotFound

MOST_BREAK_MINUTES = 600
LONGEST_NOTE = 2000


def grant_accommodation(
    session: Session, *, person_id: UUID, allowance: Allowance, note: str, by: UUID, at: datetime
) -> UUID:
    """Grant it in place of the one in force, and extend what the person has open; nothing is ever shortened.

    Raises NotFound for somebody who is no member here, NotAllowed for oneself, Invalid for what grants nothing or too
    much, Conflict when another manager granted something at the same moment.
    """
    _check(person_id, allowance, note, by)
    get_member(session, person_id=person_id)
    _end_current(session, person_id=person_id, by=by, at=at)
    accommodation_id = session.execute(
        insert_into(session, Accommodation)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            person_id=person_id,
            time_percent=allowance.percent,
            break_minutes=allowance.break_seconds // 60,
            is_unlimited=allowance.is_untimed,
            note=note,
            granted_by=by,
            granted_at=at,
        )
        .on_conflict_do_nothing()
        .returning(Accommodation.id)
    ).scalar_one_or_none()
    if accommodation_id is None:
        raise Conflict("Somebody else granted this person something at the same moment. Look at it again.")
    # What and why is nobody's business but theirs: the audit says that it was done, and by whom.
    record(session, action="accommodation.granted", actor=by, subject_id=person_id, at=at)
    extend_open_attempts(session, person_id=person_id, allowance=allowance, at=at)
    return accommodation_id


def end_accommodation(session: Session, *, person_id: UUID, by: UUID, at: datetime) -> None:
    """It holds for no attempt that starts from now on; what is open keeps its time.

    Raises NotFound when none is in force, NotAllowed for oneself.
    """
    if person_id == by:
        raise NotAllowed("Nobody decides about an accommodation of their own. Ask another manager.")
    if not _end_current(session, person_id=person_id, by=by, at=at):
        raise NotFound("This person has no accommodation in force.")
    record(session, action="accommodation.ended", actor=by, subject_id=person_id, at=at)


def extend_open_attempts(session: Session, *, person_id: UUID, allowance: Allowance, at: datetime) -> None:
    """Give the time to what is under way; what is over stays over."""
    found = open_attempts().where(Attempt.person_id == person_id, Attempt.deadline_at >= at)
    for attempt, limit in session.execute(found).all():
        set_clock(session, attempt, clock_of(attempt, limit).granted(allowance), at=at)


def _end_current(session: Session, *, person_id: UUID, by: UUID, at: datetime) -> bool:
    ended = session.execute(
        update(Accommodation)
        .where(Accommodation.person_id == person_id, Accommodation.ended_at.is_(None))
        .values(ended_by=by, ended_at=at)
        .returning(Accommodation.id)
    )
    return ended.first() is not None


def _check(person_id: UUID, allowance: Allowance, note: str, by: UUID) -> None:
    if person_id == by:
        raise NotAllowed("Nobody decides about an accommodation of their own. Ask another manager.")
    if not 100 <= allowance.percent <= MOST_PERCENT:
        raise Invalid(f"The time is {allowance.percent} % of the limit; expected 100 to {MOST_PERCENT}.")
    if not 0 <= allowance.break_seconds <= MOST_BREAK_MINUTES * 60:
        raise Invalid(f"The breaks are {allowance.break_seconds // 60} minutes; expected 0 to {MOST_BREAK_MINUTES}.")
    if allowance == Allowance():
        raise Invalid("This grants nothing: give more than 100 % of the time, minutes for breaks, or no limit.")
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"The note has {len(note)} characters; at most {LONGEST_NOTE} are kept.")
