"""People whose last answers arrived after the deadline, and a manager's decision about them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from assessments.operations.answering import save_response
from assessments.operations.deciding_late_answers import decide_late_answers
from assessments.operations.late_answers import keep_late_response
from assessments.operations.sheet import read_sheet
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_if_overdue
from tests.assessments.factories import BANK

LIMIT = timedelta(minutes=30)
REASON = "The network of the building was away for the last five minutes, and the building says so."
BASE_URL = "http://127.0.0.1:8000"


def sit_late(session: Session, person_id: UUID, *, at: datetime, right: int, late: int, seed: int = 1) -> UUID:
    """Sit the ferry test until the deadline hands it in: so many right answers are saved in time, so many came late."""
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person_id, at=at, seed=seed)
    sheet = read_sheet(session, attempt_id=attempt_id, actor="test", at=at)
    for line in sheet[:right]:
        save(session, attempt_id, person_id, at=at, position=line["position"], response=line["response"])
    time_over(session, attempt_id, at=at)
    for line in sheet[right : right + late]:
        assert keep_late(session, attempt_id, person_id, at=at, position=line["position"], response=line["response"])
    return attempt_id


def save(
    session: Session,
    attempt_id: UUID,
    person_id: UUID,
    *,
    at: datetime,
    position: int,
    response: dict[str, Any],
    sequence: int = 1,
) -> None:
    """An answer that is saved in time."""
    save_response(
        session,
        attempt_id=attempt_id,
        person_id=person_id,
        position=position,
        response=response,
        sequence=sequence,
        at=at,
    )


def time_over(session: Session, attempt_id: UUID, *, at: datetime) -> None:
    """Have a test that began at `at` handed in by the deadline."""
    assert hand_in_if_overdue(session, attempt_id=attempt_id, at=at + LIMIT + timedelta(seconds=6))


def keep_late(
    session: Session,
    attempt_id: UUID,
    person_id: UUID,
    *,
    at: datetime,
    position: int,
    response: dict[str, Any],
    sequence: int = 2,
) -> bool:
    """An answer given a minute before the deadline of a test begun at `at`, which arrives five minutes after it."""
    return keep_late_response(
        session,
        attempt_id=attempt_id,
        person_id=person_id,
        position=position,
        response=response,
        sequence=sequence,
        made_at=at + LIMIT - timedelta(minutes=1),
        at=at + LIMIT + timedelta(minutes=5),
    )


def decide(
    session: Session, attempt_id: UUID, manager_id: UUID, *, at: datetime, accept: bool = True, reason: str = REASON
) -> None:
    """Let the late answers of an attempt count, or leave them out."""
    decide_late_answers(
        session,
        attempt_id=attempt_id,
        is_accepted=accept,
        reason=reason,
        person_id=manager_id,
        base_url=BASE_URL,
        at=at,
    )
