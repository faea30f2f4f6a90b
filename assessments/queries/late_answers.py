"""Late answers: what arrived after the deadline and is kept, for its candidate and for who decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, LateResponse, Response
from assessments.models.tests import TestVersion
from lms.accounts.models import Person

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """A late answer beside what was saved in time at its position, if anything was."""

    attempt_id: UUID
    position: int
    made_at: datetime
    received_at: datetime
    response: dict[str, Any]
    saved_response: dict[str, Any] | None
    test_title: str
    number: int
    person_name: str
    person_email: str | None


def list_late_positions(session: Session, attempt_id: UUID) -> Sequence[LateResponse]:
    """The late answers of one attempt, by position."""
    found = select(LateResponse).where(LateResponse.attempt_id == attempt_id).order_by(LateResponse.position)
    return session.scalars(found).all()


def list_late_answers(session: Session) -> list[LateAnswer]:
    """Late answers of the organisation, the latest first, `MOST_LISTED` at most."""
    found = (
        select(LateResponse, Response.response, TestVersion.title, Attempt.number, Person.name, Person.email)
        .join(Attempt, Attempt.id == LateResponse.attempt_id)
        .join(TestVersion, TestVersion.id == Attempt.test_version_id)
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(
            Response,
            (Response.attempt_id == LateResponse.attempt_id) & (Response.position == LateResponse.position),
        )
        .order_by(LateResponse.received_at.desc(), LateResponse.attempt_id, LateResponse.position)
        .limit(MOST_LISTED)
    )
    return [
        LateAnswer(
            attempt_id=late.attempt_id,
            position=late.position,
            made_at=late.made_at,
            received_at=late.received_at,
            response=late.response,
            saved_response=saved,
            test_title=title,
            number=number,
            person_name=name,
            person_email=email,
        )
        for late, saved, title, number, name, email in session.execute(found)
    ]
