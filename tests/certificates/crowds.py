"""A crowd on its way in two organisations, made up by chance; and what of it is to be counted, one person at a time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState
from assessments.models.tests import TestVersion
from certificates.domain.entitlements import Outcome
from certificates.domain.standing import CertificateState
from certificates.models.achievements import AchievementVersion
from certificates.models.certificates import Certificate, make_certificate_id
from certificates.models.entitlements import TierStanding
from certificates.models.tiers import Tier
from courses.models.cohorts import Cohort, CohortMember
from courses.models.courses import Course
from courses.models.progress import LessonProgress
from lms.accounts.models import Membership
from lms.members.models import Invitation
from lms.organisations.roles import Role
from tests.people import make_person

STATES = (AttemptState.SUBMITTED, AttemptState.VOIDED, *[AttemptState.GRADED] * 4)


@dataclass
class Walker:
    """One person: which roles, since when, in a cohort or not, and what they did."""

    person_id: UUID
    joined_at: datetime | None  # None: no candidate of the organisation, or no longer
    is_in_cohort: bool
    finished_lesson: bool
    sittings: list[dict[str, Any]] = field(default_factory=list)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    is_open: bool = False


def make_crowd(session: Session, *, organisation_id: UUID, size: int, chance: Random, at: datetime) -> list[Walker]:
    """People of the organisation with all that they did there; its test, achievements, tier and cohort are there."""
    return [_make_walker(session, organisation_id, chance, at) for _number in range(size)]


def _make_walker(session: Session, organisation_id: UUID, chance: Random, at: datetime) -> Walker:
    joined_at = at - timedelta(seconds=chance.randrange(1, 90 * 86_400))
    walker = Walker(
        make_person(session, roles=()).id,
        joined_at if chance.random() < 0.85 else None,
        chance.random() < 0.5,
        chance.random() < 0.6,
    )
    owned = {"organisation_id": organisation_id, "person_id": walker.person_id}
    roles = [*([Role.CANDIDATE] if walker.joined_at else []), *([Role.MARKER] if chance.random() < 0.3 else [])]
    for role in roles:
        session.execute(insert(Membership).values(**owned, role=role, granted_at=joined_at))
    if walker.is_in_cohort:
        cohort_id = session.scalars(select(Cohort.id)).one()
        session.execute(insert(CohortMember).values(**owned, cohort_id=cohort_id, joined_at=at))
    if walker.finished_lesson:
        course_id = session.scalars(select(Course.id)).one()
        for slug in ("first", "second"):
            session.execute(
                insert(LessonProgress).values(**owned, course_id=course_id, lesson_slug=slug, finished_at=at)
            )
    for number in range(1, chance.choice((0, 1, 1, 2)) + 1):
        _sit(session, walker, owned, number, joined_at + timedelta(seconds=chance.randrange(40 * 86_400)), chance)
    if chance.random() < 0.4:
        outcome = chance.choice(list(Outcome))
        walker.is_open = outcome != Outcome.DENY
        tier_id = session.scalars(select(Tier.id).limit(1)).one()
        session.execute(insert(TierStanding).values(**owned, tier_id=tier_id, outcome=outcome, changed_at=at))
    if chance.random() < 0.3:
        _invite(session, organisation_id, at)
    return walker


def _sit(
    session: Session, walker: Walker, owned: dict[str, Any], number: int, started_at: datetime, chance: Random
) -> None:
    version = session.scalars(select(TestVersion)).one()
    state, passed = chance.choice(STATES), chance.random() < 0.6
    is_graded, is_told = state == AttemptState.GRADED, chance.random() < 0.8
    sitting = {
        "id": uuid4(),
        "number": number,
        "state": state,
        "has_passed": passed if is_graded else None,
        "released_at": started_at if is_graded and is_told else None,
    }
    session.execute(
        insert(Attempt).values(
            **owned,
            **sitting,
            test_id=version.test_id,
            test_version_id=version.id,
            seed=1,
            started_at=started_at,
            deadline_at=started_at + timedelta(hours=1),
            submitted_at=started_at,
            graded_at=started_at if is_graded else None,
            score=int(passed) if is_graded else None,
            void_reason="by mistake" if state == AttemptState.VOIDED else None,
        )
    )
    walker.sittings.append(sitting)
    if is_graded and passed and chance.random() < 0.9:
        _certify(session, walker, owned, sitting["id"], started_at, chance)


def _certify(
    session: Session, walker: Walker, owned: dict[str, Any], attempt_id: UUID, at: datetime, chance: Random
) -> None:
    version = chance.choice(session.scalars(select(AchievementVersion).order_by(AchievementVersion.name)).all())
    state = chance.choice([CertificateState.VALID] * 3 + [CertificateState.SUSPENDED, CertificateState.REVOKED])
    certificate = {
        "issued_at": at - timedelta(days=chance.choice((0, 0, 0, 60))),  # some before they joined
        "valid_until": at + timedelta(days=chance.randrange(1, 200)),
        "state": state,
    }
    session.execute(
        insert(Certificate).values(
            **owned,
            **certificate,
            id=make_certificate_id(),
            achievement_version_id=version.id,
            attempt_id=attempt_id,
            holder_name="Ada",
            state_reason=None if state == CertificateState.VALID else "asked for",
            score=1,
            cut_score=0,
            skills=[],
        )
    )
    walker.certificates.append(certificate | {"name": version.name})


def _invite(session: Session, organisation_id: UUID, at: datetime) -> None:
    token = str(uuid4())
    session.execute(
        insert(Invitation).values(
            organisation_id=organisation_id,
            email=f"{token}@example.org",
            role=Role.CANDIDATE,
            labels={},
            token_hash=token,
            invited_at=at,
            expires_at=at + timedelta(days=14),
        )
    )
