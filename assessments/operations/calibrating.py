"""Calibrating: a round through the gold items; each is tried once, until the first tries agree with the experts."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessments.models.calibration import CalibrationRound
from assessments.operations.practising import keep_try, score_try, was_kept
from assessments.queries.calibration import (
    CalibrationTerms,
    Round,
    get_calibration,
    get_round,
    list_rounds,
    load_round,
)
from assessments.queries.practice import PracticeItem
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, NotFound


def begin_round(session: Session, *, slug: str, person_id: UUID, at: datetime, seed: int | None = None) -> int:
    """Begin a round and return its number; an open one is gone on with, however often it is asked for.

    A new one begins only once the agreement was reached or the gold ran out. Raises NotFound without such a
    calibration, Conflict when it has no gold.
    """
    terms = get_calibration(session, slug)
    if not terms.gold:
        raise Conflict("This calibration has no items at the moment.")
    rounds = list_rounds(session, calibration_id=terms.id, person_id=person_id)
    if rounds and load_round(session, terms, rounds[0], person_id=person_id).is_open:
        return rounds[0].number
    number = rounds[0].number + 1 if rounds else 1
    # Who asks at the same moment asks for the same number, and the unique constraint lets one of them have it.
    session.execute(
        insert_into(session, CalibrationRound)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            calibration_id=terms.id,
            person_id=person_id,
            number=number,
            seed=secrets.randbits(62) if seed is None else seed,
            agreement=terms.standard.agreement,
            window=terms.standard.window,
            started_at=at,
        )
        .on_conflict_do_nothing()
    )
    return number


def try_gold(
    session: Session,
    *,
    slug: str,
    round_number: int,
    position: int,
    version_id: UUID,
    person_id: UUID,
    response: object,
    try_key: UUID,
    at: datetime,
) -> None:
    """Score and keep the one try of the item at a position of a round; reaching the agreement closes the round.

    `version_id` is what the person saw. The same `try_key` again changes nothing. Raises NotFound when there is
    no such item in a round of theirs, Conflict when it was tried before, has changed, or the round is over,
    Invalid when the response does not fit.
    """
    terms = get_calibration(session, slug)
    current = _lock_round(session, terms, person_id=person_id, number=round_number)
    if was_kept(session, person_id=person_id, try_key=try_key, round_id=current.summary.id):
        return
    item = _item_to_try(current, position, version_id)
    made = score_try(session, item, response)
    points = made.score.points if made.score.is_complete else None
    if not keep_try(
        session, item, made, points=points, person_id=person_id, try_key=try_key, at=at, round_id=current.summary.id
    ):
        raise Conflict("Another try of yours arrived at the same moment. Send this one again.")
    if load_round(session, terms, current.summary, person_id=person_id).standing.is_reached:
        session.execute(
            update(CalibrationRound)
            .where(CalibrationRound.id == current.summary.id, CalibrationRound.reached_at.is_(None))
            .values(reached_at=at)
        )


def _lock_round(session: Session, terms: CalibrationTerms, *, person_id: UUID, number: int) -> Round:
    """The round, with its row held until the commit, so that its tries come one after the other."""
    # SQLite knows no row locks; there a write transaction holds the whole database.
    held = select(CalibrationRound.id).where(
        CalibrationRound.calibration_id == terms.id,
        CalibrationRound.person_id == person_id,
        CalibrationRound.number == number,
    )
    session.execute(held.with_for_update())
    return get_round(session, terms, person_id=person_id, number=number)


def _item_to_try(current: Round, position: int, version_id: UUID) -> PracticeItem:
    if 1 <= position <= len(current.tries):
        raise Conflict("You have tried this item already; in a round the first try counts.")
    if current.summary.reached_at is not None:
        raise Conflict("This round is over: you have reached the agreement.")
    if position != len(current.tries) + 1 or not current.left:
        raise NotFound("There is no such item in this round yet.")
    item = current.left[0]
    if item.version_id != version_id:
        raise Conflict("This item has changed since you opened it. Look at it again before you answer.")
    return item
