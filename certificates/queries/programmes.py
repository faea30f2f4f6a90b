"""Programmes: what they are, which cohorts take them, and who is in them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from assessments.models.tests import Test, TestVersion
from certificates.domain.programmes import Enrolment, Policy
from certificates.models.programmes import Programme, ProgrammeCohort
from certificates.models.tiers import Tier
from courses.models.cohorts import Cohort, CohortMember
from lms.errors import NotFound
from lms.organisations.editions import kept


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme as everybody of the organisation may read it; `cohorts` are the ids of those that take it."""

    id: UUID
    slug: str
    title: str
    summary: str
    test_slug: str
    test_title: str
    tier_slug: str | None
    tier_title: str | None
    policy: Policy
    cohorts: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody's way into a programme: by which cohort, and with which dates."""

    programme: ProgrammeView
    cohort_slug: str
    cohort_title: str
    enrolment: Enrolment


def list_programmes(session: Session) -> tuple[ProgrammeView, ...]:
    """Every programme, by title. One statement, or none."""
    return kept(session, "programmes", lambda: _load(session))


def get_programme(session: Session, slug: str) -> ProgrammeView:
    """Raises NotFound."""
    found = next((one for one in list_programmes(session) if one.slug == slug), None)
    if found is None:
        raise NotFound("There is no such programme.")
    return found


def list_enrolled(session: Session, programmes: Sequence[ProgrammeView], *, person_id: UUID) -> list[Enrolled]:
    """How a person is in these programmes, the cohort that began first in front. One statement, or none."""
    if not programmes:
        return []
    by_id = {programme.id: programme for programme in programmes}
    rows = session.execute(
        select(
            ProgrammeCohort.programme_id,
            Cohort.slug,
            Cohort.title,
            Cohort.starts_at,
            Cohort.ends_at,
            CohortMember.joined_at,
        )
        .join(Cohort, Cohort.id == ProgrammeCohort.cohort_id)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .where(CohortMember.person_id == person_id, ProgrammeCohort.programme_id.in_(by_id))
        .order_by(Cohort.starts_at, Cohort.slug)
    )
    return [Enrolled(by_id[row[0]], row[1], row[2], Enrolment(*row[3:])) for row in rows]


def _load(session: Session) -> tuple[ProgrammeView, ...]:
    rows = session.execute(
        select(Programme, Test.slug, TestVersion.title, Tier.slug, Tier.title, ProgrammeCohort.cohort_id)
        .join(Test, Test.id == Programme.test_id)
        .join(TestVersion, TestVersion.test_id == Test.id)
        .outerjoin(Tier, and_(Tier.id == Programme.tier_id, Tier.withdrawn_at.is_(None)))
        .outerjoin(ProgrammeCohort, ProgrammeCohort.programme_id == Programme.id)
        .where(TestVersion.is_current)
        .order_by(Programme.title, Programme.slug)
    )
    facts: dict[UUID, tuple[Programme, str, str, str | None, str | None]] = {}
    cohorts: dict[UUID, set[UUID]] = defaultdict(set)
    for programme, test_slug, test_title, tier_slug, tier_title, cohort_id in rows:
        facts[programme.id] = (programme, test_slug, test_title, tier_slug, tier_title)
        cohorts[programme.id] |= set() if cohort_id is None else {cohort_id}
    return tuple(_view(*said, frozenset(cohorts[programme_id])) for programme_id, said in facts.items())


def _view(
    programme: Programme,
    test_slug: str,
    test_title: str,
    tier_slug: str | None,
    tier_title: str | None,
    cohorts: frozenset[UUID],
) -> ProgrammeView:
    return ProgrammeView(
        id=programme.id,
        slug=programme.slug,
        title=programme.title,
        summary=programme.summary,
        test_slug=test_slug,
        test_title=test_title,
        tier_slug=tier_slug,
        tier_title=tier_title,
        policy=Policy(programme.due_days, programme.tries, tuple(programme.consents)),
        cohorts=cohorts,
    )
