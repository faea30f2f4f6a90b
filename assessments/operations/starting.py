"""Starting an attempt: eligibility, the form drawn by blueprint and seed, the deadline set."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.deadlines import opening_clock
from assessments.domain.eligibility import Eligibility, Reason
from assessments.models.attempts import Attempt, AttemptState
from assessments.operations.deadline_messages import post_deadline
from assessments.operations.drawing_forms import Started, draw_attempt_form
from assessments.operations.submitting import hand_in_if_overdue
from assessments.queries.accommodations import allowance_of, find_accommodation
from assessments.queries.eligibility import standing
from assessments.queries.tests import TestSummary, get_renewal_terms, get_test
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict


def start_attempt(session: Session, *, test_slug: str, person_id: UUID, at: datetime, seed: int | None = None) -> UUID:
    """Start a sitting and return its id; the open one when there is one, however often it is asked for.

    Raises NotFound without such a test, Conflict when the retake policy forbids it, PoolTooSmall when the
    bank cannot fill the blueprint.
    """
    test = get_test(session, test_slug)
    known = standing(session, test, person_id=person_id, at=at)
    if known.open_id is not None:
        if not hand_in_if_overdue(session, attempt_id=known.open_id, at=at):
            return known.open_id
        known = standing(session, test, person_id=person_id, at=at)
    verdict = known.verdict
    if Reason.OPEN_ATTEMPT in verdict.reasons:  # started elsewhere in the meantime
        return _the_faster_one(session, test_id=test.id, person_id=person_id)
    if not verdict.eligible:
        raise Conflict(_sentence(verdict))
    terms = test if verdict.renewal is None else get_renewal_terms(session, test)
    started = _insert_attempt(session, terms, person_id=person_id, number=known.last_number + 1, at=at, seed=seed)
    if started is None:  # somebody else's request for the same person was faster
        return _the_faster_one(session, test_id=test.id, person_id=person_id)
    draw_attempt_form(session, terms, started, at=at)
    return started.attempt_id


def find_open(session: Session, *, test_id: UUID, person_id: UUID) -> UUID | None:
    """The open attempt of a person at a test."""
    return session.scalars(
        select(Attempt.id).where(
            Attempt.test_id == test_id, Attempt.person_id == person_id, Attempt.state == AttemptState.OPEN
        )
    ).one_or_none()


def _the_faster_one(session: Session, *, test_id: UUID, person_id: UUID) -> UUID:
    open_id = find_open(session, test_id=test_id, person_id=person_id)
    if open_id is None:
        raise Conflict("This test was started and ended elsewhere in the meantime.")
    return open_id


def _insert_attempt(
    session: Session, test: TestSummary, *, person_id: UUID, number: int, at: datetime, seed: int | None
) -> Started | None:
    """Insert the row that unique indexes allow once; None when another transaction got there first.

    The number is the one after those that the policy was judged by: whoever started and ended an attempt since then
    has taken it, so that no try is won by starting twice at once.
    """
    allowance = allowance_of(find_accommodation(session, person_id=person_id))
    clock = opening_clock(at, test.limit, allowance)
    chosen_seed = secrets.randbits(62) if seed is None else seed
    new_id = uuid4()
    earlier = select(func.count()).select_from(Attempt).where(Attempt.person_id == person_id, Attempt.id != new_id)
    has_earlier = session.execute(
        insert_into(session, Attempt)
        .values(
            id=new_id,
            organisation_id=organisation_of(session),
            test_id=test.id,
            test_version_id=test.version_id,
            person_id=person_id,
            number=number,
            state=AttemptState.OPEN,
            seed=chosen_seed,
            started_at=at,
            deadline_at=clock.deadline,
            time_percent=clock.percent,
            is_untimed=clock.is_untimed,
            break_seconds=clock.break_seconds,
            break_seconds_left=clock.break_seconds_left,
            credit_seconds=0,
            was_submitted_by_deadline=False,
        )
        .on_conflict_do_nothing()
        .returning(earlier.scalar_subquery() > 0)
    ).scalar_one_or_none()
    if has_earlier is None:
        return None
    post_deadline(session, attempt_id=new_id, deadline_at=clock.deadline, at=at)
    return Started(new_id, person_id, chosen_seed, has_earlier)


_SENTENCES = {
    Reason.OPEN_ATTEMPT: "You have an open attempt at this test.",
    Reason.AWAITING_RESULT: "The result of your last attempt is not out yet.",
    Reason.ALREADY_PASSED: "You have passed this test already.",
    Reason.TRIES_USED: "You have used all your tries for now.",
    Reason.COOLING_DOWN: "A pause is due after a result below the cut score.",
    Reason.STUDY_FIRST: "Lessons of the skills in which your last result was weak come first.",
}


def _sentence(verdict: Eligibility) -> str:
    hindrances = [hindrance.sentence for hindrance in verdict.hindrances]
    reasons = " ".join([*(_SENTENCES[reason] for reason in verdict.reasons), *hindrances])
    if verdict.to_study:
        reasons += " Finish these again: " + "; ".join(lesson.title for lesson in verdict.to_study) + "."
    if verdict.possible_at is None:
        return reasons
    return f"{reasons} You can start again from {verdict.possible_at:%d %B %Y, %H:%M} UTC."
