"""Whether every attempt got the score that its answers earn."""

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from assessments.models.attempts import Attempt, AttemptState
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID

_PLACES = 10**8  # the database cuts scores off after eight decimal places
_BATCH = 500


def wrong_grades(database: Database, expected: Mapping[UUID, Fraction]) -> list[str]:
    """A sentence for each attempt that is not graded, or has another score."""
    wrong, ids = [], list(expected)
    for start in range(0, len(ids), _BATCH):
        found = select(Attempt.id, Attempt.state, Attempt.score).where(Attempt.id.in_(ids[start : start + _BATCH]))
        with database.reading(PUBLIC_ORGANISATION_ID) as session:
            rows = {row[0]: row for row in session.execute(found)}
        for attempt_id in ids[start : start + _BATCH]:
            _id, state, score = rows.get(attempt_id, (attempt_id, None, None))
            due = Fraction(expected[attempt_id] * _PLACES // 1, _PLACES)
            if state is not AttemptState.GRADED or score != due:
                wrong.append(f"attempt {attempt_id} is {state} with {score}, and {due} was due")
    return wrong
