"""The organisation in figures: how far its people are, who passes, how long that takes, what expires."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState
from assessments.models.tests import Test, TestVersion
from certificates.domain.entitlements import Outcome
from certificates.domain.shares import Quartiles, Share, quartile_places, share_of
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
from lms.db.instants import elapsed
from lms.members.models import Invitation
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
    people, tried = _people(shown).subquery("shown"), _furthest(shown).subquery("tried")
    reaches = {
        **{stage: tried.c.step >= step for step, stage in enumerate(("started", "attempted", "passed"), 1)},
        "certified": people.c.person_id.in_(_certified(shown)),
        "open": people.c.person_id.in_(_open(shown)),
    }
    sums = [func.coalesce(func.sum(case((is_there, 1), else_=0)), 0).label(name) for name, is_there in reaches.items()]
    counted = (
        select(func.count().label("joined"), *sums)
        .select_from(people)
        .outerjoin(tried, tried.c.person_id == people.c.person_id)
    )
    row = session.execute(counted).one()
    waiting = session.scalar(_waiting(shown)) or 0
    return {"invited": waiting + row.joined} | {stage: int(getattr(row, stage)) for stage in STAGES[1:]}


def list_pass_rates(session: Session, shown: Shown) -> list[PassRate]:
    """The pass rate of each test, by title. One statement."""
    people = _people(shown).subquery("shown")
    sat = (
        select(
            Attempt.test_id,
            func.count().label("people"),
            func.sum(case((Attempt.has_passed.is_(True), 1), else_=0)).label("passed"),
        )
        .where(
            Attempt.number == 1,
            Attempt.state == AttemptState.GRADED,
            Attempt.released_at.is_not(None),
            Attempt.person_id.in_(select(people.c.person_id)),
            *_of_test(shown),
        )
        .group_by(Attempt.test_id)
        .subquery("sat")
    )
    rows = session.execute(
        select(Test.slug, TestVersion.title, sat.c.people, sat.c.passed)
        .join(sat, sat.c.test_id == Test.id)
        .join(TestVersion, and_(TestVersion.test_id == Test.id, TestVersion.is_current))
        .order_by(TestVersion.title, Test.slug)
    )
    return [PassRate(slug, title, share_of(int(part), whole)) for slug, title, whole, part in rows]


def list_times(session: Session, shown: Shown) -> list[TimeToQualify]:
    """How long it took to each achievement, by name. One statement, which finds the quartiles: three rows for each."""
    took = _lengths(shown).subquery("took")
    ranked = select(
        took,
        func.row_number().over(partition_by=took.c.achievement_id, order_by=took.c.length).label("place"),
        func.count().over(partition_by=took.c.achievement_id).label("people"),
    ).subquery("ranked")
    rows = session.execute(
        select(Achievement.slug, AchievementVersion.name, ranked)
        .join(Achievement, Achievement.id == ranked.c.achievement_id)
        .join(
            AchievementVersion,
            and_(AchievementVersion.achievement_id == Achievement.id, AchievementVersion.is_current),
        )
        .where(ranked.c.place.in_(quartile_places(ranked.c.people)))
    )
    counts: dict[tuple[str, str], int] = {}
    lengths: dict[tuple[str, str], dict[int, timedelta]] = defaultdict(dict)
    for row in rows:
        counts[row.name, row.slug] = row.people
        lengths[row.name, row.slug][row.place] = row.issued_at - row.joined_at
    return [
        TimeToQualify(slug, name, Quartiles(count, *(lengths[name, slug][place] for place in quartile_places(count))))
        for (name, slug), count in sorted(counts.items())
    ]


def count_expiring(session: Session, shown: Shown, *, at: datetime) -> list[Week]:
    """The valid certificates that end in each of the coming weeks. One statement."""
    people = _people(shown).subquery("shown")
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


def _people(shown: Shown) -> Select[UUID, datetime]:
    """Who is shown: candidates of the organisation, and when each of them joined. Nobody is one twice."""
    found = select(Membership.person_id, Membership.granted_at.label("joined_at")).where(
        Membership.role == Role.CANDIDATE
    )
    if shown.joined_from is not None:
        found = found.where(Membership.granted_at >= shown.joined_from)
    if shown.joined_until is not None:
        found = found.where(Membership.granted_at < shown.joined_until)
    if shown.cohort is not None:
        found = found.where(Membership.person_id.in_(_in_cohorts([shown.cohort[0]])))
    if shown.programme is not None:
        found = found.where(Membership.person_id.in_(_in_cohorts(list(shown.programme.cohorts))))
    return found


def _in_cohorts(cohorts: list[UUID]) -> Select[UUID]:
    return select(CohortMember.person_id).where(CohortMember.cohort_id.in_(cohorts))


def _waiting(shown: Shown) -> Select[int]:
    """Mailed invitations of candidates that nobody has accepted."""
    waiting = select(func.count()).where(
        Invitation.role == Role.CANDIDATE, Invitation.email.is_not(None), Invitation.uses == 0
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


def _furthest(shown: Shown) -> Select[UUID, int]:
    """How far people came: 1 finished a lesson or began a test, 2 handed one in, 3 passed it and was told.

    All of it is read once and grouped: to look each person up costs several times as much. Voided sittings are none.
    """
    step = case(
        (and_(Attempt.has_passed.is_(True), Attempt.released_at.is_not(None)), 3),
        (Attempt.submitted_at.is_not(None), 2),
        else_=1,
    )
    sittings = select(Attempt.person_id, step.label("step")).where(
        Attempt.state != AttemptState.VOIDED, *_of_test(shown)
    )
    steps = union_all(select(LessonProgress.person_id, literal(1).label("step")), sittings).subquery("steps")
    return select(steps.c.person_id, func.max(steps.c.step).label("step")).group_by(steps.c.person_id)


def _lengths(shown: Shown) -> Select[Any]:
    """From joining to the first certificate of an achievement, for each person and achievement."""
    people = _people(shown).subquery("shown")
    first = (
        select(
            Certificate.person_id,
            AchievementVersion.achievement_id,
            func.min(Certificate.issued_at).label("issued_at"),
        )
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .where(Certificate.state != CertificateState.ERASED, *_of_achievement(shown))
        .group_by(Certificate.person_id, AchievementVersion.achievement_id)
        .subquery("first")
    )
    return (
        select(
            first.c.achievement_id,
            people.c.joined_at,
            first.c.issued_at,
            elapsed(people.c.joined_at, first.c.issued_at).label("length"),
        )
        .join_from(first, people, people.c.person_id == first.c.person_id)
        .where(first.c.issued_at >= people.c.joined_at)
    )


def _certified(shown: Shown) -> Select[UUID]:
    held = (CertificateState.VALID, CertificateState.SUSPENDED)
    return select(Certificate.person_id).where(Certificate.state.in_(held), *_of_achievement(shown))


def _open(shown: Shown) -> Select[UUID]:
    found = select(TierStanding.person_id).where(TierStanding.outcome != Outcome.DENY)
    if shown.programme is not None and shown.programme.tier_slug:
        found = found.join(Tier, Tier.id == TierStanding.tier_id).where(Tier.slug == shown.programme.tier_slug)
    return found


def _of_test(shown: Shown) -> list[Any]:
    """Conditions for attempts. What is not asked for is not joined: each join of a whole table takes its time."""
    if shown.programme is None:
        return []
    return [Attempt.test_id.in_(select(Test.id).where(Test.slug == shown.programme.test_slug))]


def _of_achievement(shown: Shown) -> list[Any]:
    """The same for certificates."""
    if shown.programme is None:
        return []
    versions = select(AchievementVersion.id).join(Achievement, Achievement.id == AchievementVersion.achievement_id)
    wanted = versions.where(Achievement.slug == shown.programme.test_slug)
    return [Certificate.achievement_version_id.in_(wanted)]
