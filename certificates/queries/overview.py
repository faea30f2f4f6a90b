"""The organisation in figures: how far its people are, who passes, how long that takes, what expires."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState
from assessments.models.tests import Test, TestVersion
from certificates.domain.entitlements import Outcome
from certificates.domain.shares import Quartiles, Share, quartiles_of, share_of
from certificates.domain.standing import CertificateState
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.entitlements import TierStanding
from certificates.models.tiers import Tier
from certificates.queries.programmes import ProgrammeView
from courses.models.cohorts import Cohort, CohortMember
from courses.models.progress import LessonProgress
from courses.operations.cohorts import LABEL
from lms.accounts.models import Membership
from lms.members.models import Invitation, InvitationAcceptance
from lms.organisations.roles import Role

WEEKS = 13  # of what expires: 91 days
STAGES = ("invited", "joined", "started", "attempted", "passed", "certified", "open")


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose figures are wanted: of a cohort, of a programme, of those who joined within a time."""

    cohort: tuple[UUID, str] | None = None  # id and slug
    programme: ProgrammeView | None = None
    joined_from: datetime | None = None
    joined_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassRate:
    """How many of those whose first sitting of a test has a result passed it."""

    slug: str
    title: str
    share: Share


@dataclass(frozen=True, slots=True)
class TimeToQualify:
    """How long it took from joining to the first certificate of an achievement."""

    slug: str
    name: str
    quartiles: Quartiles


@dataclass(frozen=True, slots=True)
class Week:
    """How many valid certificates end within seven days from `starts_at` on."""

    starts_at: datetime
    ends_at: datetime
    expiring: int


def count_stages(session: Session, shown: Shown) -> dict[str, int]:
    """How many reached each of the stages. One statement for the people, one for those who did not come yet."""
    people = _people(shown)
    reached = {
        "started": or_(people.c.person_id.in_(_readers(shown)), people.c.person_id.in_(_sitting(shown))),
        "attempted": people.c.person_id.in_(_sitting(shown, Attempt.submitted_at.is_not(None))),
        "passed": people.c.person_id.in_(
            _sitting(shown, Attempt.has_passed.is_(True), Attempt.released_at.is_not(None))
        ),
        "certified": people.c.person_id.in_(_certified(shown)),
        "open": people.c.person_id.in_(_open(shown)),
    }
    sums = [func.coalesce(func.sum(case((is_there, 1), else_=0)), 0).label(name) for name, is_there in reached.items()]
    row = session.execute(select(func.count().label("joined"), *sums).select_from(people)).one()
    waiting = session.scalar(_waiting(shown)) or 0
    return {"invited": waiting + row.joined} | {stage: int(getattr(row, stage)) for stage in STAGES[1:]}


def list_pass_rates(session: Session, shown: Shown) -> list[PassRate]:
    """The pass rate of each test, by title. One statement."""
    people = _people(shown)
    counted = (
        select(
            Test.slug,
            TestVersion.title,
            func.count(),
            func.sum(case((Attempt.has_passed.is_(True), 1), else_=0)),
        )
        .join(Test, Test.id == Attempt.test_id)
        .join(TestVersion, and_(TestVersion.test_id == Test.id, TestVersion.is_current))
        .where(
            Attempt.number == 1,
            Attempt.state == AttemptState.GRADED,
            Attempt.released_at.is_not(None),
            Attempt.person_id.in_(select(people.c.person_id)),
            *_of_test(shown),
        )
        .group_by(Test.slug, TestVersion.title)
        .order_by(TestVersion.title, Test.slug)
    )
    return [PassRate(slug, title, share_of(int(part), whole)) for slug, title, whole, part in session.execute(counted)]


def list_times(session: Session, shown: Shown) -> list[TimeToQualify]:
    """How long it took to each achievement, by name. One statement."""
    people = _people(shown)
    first = (
        select(
            Certificate.person_id,
            AchievementVersion.achievement_id,
            func.min(Certificate.issued_at).label("issued_at"),
        )
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .where(Certificate.state != CertificateState.ERASED)
        .group_by(Certificate.person_id, AchievementVersion.achievement_id)
        .subquery()
    )
    rows = session.execute(
        select(Achievement.slug, AchievementVersion.name, people.c.joined_at, first.c.issued_at)
        .join_from(first, people, people.c.person_id == first.c.person_id)
        .join(Achievement, Achievement.id == first.c.achievement_id)
        .join(
            AchievementVersion,
            and_(AchievementVersion.achievement_id == Achievement.id, AchievementVersion.is_current),
        )
        .where(first.c.issued_at >= people.c.joined_at, *_of_achievement(shown))
    )
    lengths: dict[tuple[str, str], list[timedelta]] = defaultdict(list)
    for slug, name, joined_at, issued_at in rows:
        lengths[name, slug].append(issued_at - joined_at)
    found = [(slug, name, quartiles_of(taken)) for (name, slug), taken in sorted(lengths.items())]
    return [TimeToQualify(slug, name, quartiles) for slug, name, quartiles in found if quartiles]


def count_expiring(session: Session, shown: Shown, *, at: datetime) -> list[Week]:
    """The valid certificates that end in each of the coming weeks. One statement."""
    people = _people(shown)
    starts = [at + timedelta(weeks=week) for week in range(WEEKS + 1)]
    within = [
        func.coalesce(
            func.sum(case((and_(Certificate.valid_until >= start, Certificate.valid_until < end), 1), else_=0)), 0
        )
        for start, end in pairwise(starts)
    ]
    counted = (
        select(*within)
        .select_from(Certificate)
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(
            Certificate.state == CertificateState.VALID,
            Certificate.valid_until >= at,
            Certificate.valid_until < starts[-1],
            Certificate.person_id.in_(select(people.c.person_id)),
            *_of_achievement(shown),
        )
    )
    row = session.execute(counted).one()
    return [Week(start, end, int(count)) for start, end, count in zip(starts, starts[1:], row, strict=False)]


def _people(shown: Shown) -> CTE:
    """Who is shown: candidates of the organisation, and when each of them joined."""
    found = (
        select(Membership.person_id, func.min(Membership.granted_at).label("joined_at"))
        .where(Membership.role == Role.CANDIDATE)
        .group_by(Membership.person_id)
    )
    if shown.joined_from is not None:
        found = found.having(func.min(Membership.granted_at) >= shown.joined_from)
    if shown.joined_until is not None:
        found = found.having(func.min(Membership.granted_at) < shown.joined_until)
    if shown.cohort is not None:
        found = found.where(Membership.person_id.in_(_in_cohorts([shown.cohort[0]])))
    if shown.programme is not None:
        found = found.where(Membership.person_id.in_(_in_cohorts(list(shown.programme.cohorts))))
    return found.cte("shown")


def _in_cohorts(cohorts: list[UUID]) -> Select[UUID]:
    return select(CohortMember.person_id).where(CohortMember.cohort_id.in_(cohorts))


def _waiting(shown: Shown) -> Select[int]:
    """Mailed invitations of candidates that nobody has accepted."""
    accepted = select(InvitationAcceptance.invitation_id)
    waiting = select(func.count()).where(
        Invitation.role == Role.CANDIDATE, Invitation.email.is_not(None), Invitation.id.not_in(accepted)
    )
    if shown.joined_from is not None:
        waiting = waiting.where(Invitation.invited_at >= shown.joined_from)
    if shown.joined_until is not None:
        waiting = waiting.where(Invitation.invited_at < shown.joined_until)
    label = Invitation.labels[LABEL].as_string()
    if shown.cohort is not None:
        waiting = waiting.where(label.in_([str(shown.cohort[0]), shown.cohort[1]]))
    if shown.programme is not None:
        ids = [str(cohort_id) for cohort_id in shown.programme.cohorts]
        slugs = select(Cohort.slug).where(Cohort.id.in_(shown.programme.cohorts))
        waiting = waiting.where(or_(label.in_(ids), label.in_(slugs)))
    return waiting


def _readers(shown: Shown) -> Select[UUID]:
    return select(LessonProgress.person_id)


def _sitting(shown: Shown, *conditions: Any) -> Select[UUID]:
    """Who sat a test; voided sittings are none."""
    found = select(Attempt.person_id).where(Attempt.state != AttemptState.VOIDED, *conditions)
    return found.join(Test, Test.id == Attempt.test_id).where(*_of_test(shown))


def _certified(shown: Shown) -> Select[UUID]:
    held = (CertificateState.VALID, CertificateState.SUSPENDED)
    return (
        select(Certificate.person_id)
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(Certificate.state.in_(held), *_of_achievement(shown))
    )


def _open(shown: Shown) -> Select[UUID]:
    found = select(TierStanding.person_id).where(TierStanding.outcome != Outcome.DENY)
    if shown.programme is not None and shown.programme.tier_slug:
        found = found.join(Tier, Tier.id == TierStanding.tier_id).where(Tier.slug == shown.programme.tier_slug)
    return found


def _of_test(shown: Shown) -> list[Any]:
    return [] if shown.programme is None else [Test.slug == shown.programme.test_slug]


def _of_achievement(shown: Shown) -> list[Any]:
    return [] if shown.programme is None else [Achievement.slug == shown.programme.test_slug]
