"""Starting an attempt: eligibility, the form drawn by blueprint and seed, the deadline set."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from assessments.domain.deadlines import deadline
from assessments.domain.eligibility import Eligibility, Reason
from assessments.domain.forms import Place, draw_form, draw_pilots, place_pilots
from assessments.models.attempts import Attempt, AttemptState, FormItem
from assessments.operations.submitting import hand_in_if_overdue
from assessments.queries.pools import by_identifier, get_pool
from assessments.queries.tests import TestSummary, eligibility, get_test
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict
from lms.outbox.operations import post

DEADLINE_TOPIC = "attempt.deadline"
# An answer that left the page in time may still be under way when the deadline strikes.
GRACE = timedelta(seconds=5)


def start_attempt(session: Session, *, test_slug: str, person_id: UUID, at: datetime, seed: int | None = None) -> UUID:
    """Start a sitting and return its id; the open one when there is one, however often it is asked for.

    Raises NotFound without such a test, Conflict when the retake policy forbids it, PoolTooSmall when the
    bank cannot fill the blueprint.
    """
    test = get_test(session, test_slug)
    open_id = find_open(session, test_id=test.id, person_id=person_id)
    if open_id is not None and not hand_in_if_overdue(session, attempt_id=open_id, at=at):
        return open_id
    verdict = eligibility(session, test, person_id=person_id, at=at)
    if Reason.OPEN_ATTEMPT in verdict.reasons:  # started elsewhere between the two statements
        return _the_faster_one(session, test_id=test.id, person_id=person_id)
    if not verdict.eligible:
        raise Conflict(_sentence(verdict))
    started = _insert_attempt(session, test, person_id=person_id, at=at, seed=seed)
    if started is None:  # somebody else's request for the same person was faster
        return _the_faster_one(session, test_id=test.id, person_id=person_id)
    _insert_form(session, test, *started)
    return started[0]


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
    session: Session, test: TestSummary, *, person_id: UUID, at: datetime, seed: int | None
) -> tuple[UUID, int] | None:
    """Insert the row that unique indexes allow once; None when another transaction got there first."""
    number = select(func.coalesce(func.max(Attempt.number), 0) + 1).where(
        Attempt.test_id == test.id, Attempt.person_id == person_id
    )
    ends_at = deadline(at, test.limit)
    chosen_seed = secrets.randbits(62) if seed is None else seed
    attempt_id = session.execute(
        insert_into(session, Attempt)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            test_id=test.id,
            test_version_id=test.version_id,
            person_id=person_id,
            number=number.scalar_subquery(),
            state=AttemptState.OPEN,
            seed=chosen_seed,
            started_at=at,
            deadline_at=ends_at,
            was_submitted_by_deadline=False,
        )
        .on_conflict_do_nothing()
        .returning(Attempt.id)
    ).scalar_one_or_none()
    if attempt_id is None:
        return None
    payload = {"attempt_id": str(attempt_id)}
    post(session, topic=DEADLINE_TOPIC, payload=payload, at=at, due_at=ends_at + GRACE)
    return attempt_id, chosen_seed


def _insert_form(session: Session, test: TestSummary, attempt_id: UUID, seed: int) -> None:
    """Draw the form and pin the versions and keys that are current now."""
    pool = get_pool(session, bank=test.bank, floor=test.agreement_floor)
    pinned = by_identifier((*pool.live, *pool.pilot))
    drawn = draw_form(test.sections, pool.items, seed)
    tried_out = draw_pilots([pooled.item for pooled in pool.pilot], test.pilot_items, seed)
    places = [Place(number, item) for number, section in enumerate(drawn) for item in section]
    organisation_id = organisation_of(session)
    session.execute(
        insert(FormItem),
        [
            {
                "attempt_id": attempt_id,
                "position": position,
                "section": place.section,
                "item_version_id": pinned[place.item.identifier].version_id,
                "answer_key_id": pinned[place.item.identifier].key_id,
                "is_scored": place.is_scored,
                "organisation_id": organisation_id,
            }
            for position, place in enumerate(place_pilots(places, tried_out, seed), start=1)
        ],
    )


_SENTENCES = {
    Reason.OPEN_ATTEMPT: "You have an open attempt at this test.",
    Reason.AWAITING_RESULT: "Your last attempt is still being marked.",
    Reason.ALREADY_PASSED: "You have passed this test already.",
    Reason.TRIES_USED: "You have used all your tries for now.",
    Reason.COOLING_DOWN: "A pause is due after a result below the cut score.",
}


def _sentence(verdict: Eligibility) -> str:
    reasons = " ".join(_SENTENCES[reason] for reason in verdict.reasons)
    if verdict.possible_at is None:
        return reasons
    return f"{reasons} You can start again from {verdict.possible_at:%d %B %Y, %H:%M} UTC."
