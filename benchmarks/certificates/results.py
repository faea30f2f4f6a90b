"""Results that earn certificates: people, and attempts of the shipped test that passed, as rows."""

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from assessments.events import AttemptReleased, SkillScore
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.tests import Test, TestVersion
from benchmarks.load.people import make_people
from benchmarks.load.track import SLUG
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID

SCORE = Fraction(871, 1000)
_SKILLS = (("splitting", 92), ("sources", 78), ("evidence", 97), ("writing", 84), ("confidence", 90))


def make_results(database: Database, count: int, *, at: datetime) -> list[AttemptReleased]:
    """So many people who passed, each with the attempt behind it; nobody has heard of it yet."""
    people = [account.id for account in make_people(database, count)]
    attempts = [uuid4() for _ in people]
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        test_id, version_id = session.execute(
            select(Test.id, TestVersion.id)
            .join(TestVersion, TestVersion.test_id == Test.id)
            .where(Test.slug == SLUG, TestVersion.is_current)
        ).one()
        rows = [
            _attempt(attempt_id, person_id, test_id, version_id, at)
            for attempt_id, person_id in zip(attempts, people, strict=True)
        ]
        session.execute(insert(Attempt), rows)
    skills = tuple(SkillScore(name, name.title(), Fraction(score, 100)) for name, score in _SKILLS)
    return [
        AttemptReleased(attempt_id, person_id, test_id, SLUG, has_passed=True, score=SCORE, skills=skills, at=at)
        for attempt_id, person_id in zip(attempts, people, strict=True)
    ]


def _attempt(attempt_id: UUID, person_id: UUID, test_id: UUID, version_id: UUID, at: datetime) -> dict[str, object]:
    return {
        "id": attempt_id,
        "organisation_id": PUBLIC_ORGANISATION_ID,
        "test_id": test_id,
        "test_version_id": version_id,
        "person_id": person_id,
        "number": 1,
        "state": AttemptState.GRADED,
        "seed": 1,
        "started_at": at - timedelta(hours=1),
        "deadline_at": at,
        "submitted_at": at,
        "graded_at": at,
        "released_at": at,
        "score": SCORE,
        "has_passed": True,
    }
