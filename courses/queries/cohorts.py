"""Cohorts: their dates, their courses, and who belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from courses.models.cohorts import Cohort, CohortMember
from courses.models.courses import Course, CourseVersion
from lms.accounts.models import Person
from lms.errors import NotFound
from lms.organisations.editions import kept

PAGE = 50  # members


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort as it is listed. It runs from `starts_at` until just before `ends_at`."""

    id: UUID
    slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    course_slug: str | None
    course_title: str | None
    members: int


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody who belongs to a cohort."""

    person_id: UUID
    name: str
    email: str | None
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class MembersPage:
    """A page of members in the order of their names; `next` is the last one of it when there are more."""

    lines: tuple[MemberLine, ...]
    next: UUID | None


def list_cohorts(session: Session) -> list[CohortLine]:
    """Every cohort with the number of its members, the latest first. One statement."""
    rows = session.execute(_cohorts().order_by(Cohort.starts_at.desc(), Cohort.title, Cohort.id))
    return [CohortLine(*row) for row in rows]


def get_cohort(session: Session, slug: str) -> CohortLine:
    """Raises NotFound."""
    row = session.execute(_cohorts().where(Cohort.slug == slug)).one_or_none()
    if row is None:
        raise NotFound("There is no such cohort.")
    return CohortLine(*row)


def list_cohorts_of(session: Session, *, person_id: UUID, at: datetime) -> list[CohortLine]:
    """The cohorts of a person that have not ended, the one that began first in front. One statement, or none."""
    if not kept(session, "has cohorts", lambda: session.scalars(select(Cohort.id).limit(1)).first() is not None):
        return []
    mine = select(CohortMember.cohort_id).where(CohortMember.person_id == person_id)
    rows = session.execute(
        _cohorts().where(Cohort.id.in_(mine), Cohort.ends_at > at).order_by(Cohort.starts_at, Cohort.id)
    )
    return [CohortLine(*row) for row in rows]


def list_members(session: Session, cohort_id: UUID, *, after: UUID | None) -> MembersPage:
    """A page of members, going on after the one with this id."""
    found = (
        select(Person.id, Person.name, Person.email, CohortMember.joined_at)
        .join(CohortMember, CohortMember.person_id == Person.id)
        .where(CohortMember.cohort_id == cohort_id)
        .order_by(Person.name, Person.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        last = select(Person.name, Person.id).where(Person.id == after).subquery()
        found = found.where(tuple_(Person.name, Person.id) > select(last.c.name, last.c.id).scalar_subquery())
    rows = session.execute(found).all()
    lines = tuple(MemberLine(*row) for row in rows[:PAGE])
    return MembersPage(lines, lines[-1].person_id if len(rows) > PAGE else None)


def list_strangers(session: Session, cohort_id: UUID, people: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these people who do not belong to the cohort."""
    belong = select(CohortMember.person_id).where(
        CohortMember.cohort_id == cohort_id, CohortMember.person_id.in_(people)
    )
    return frozenset(people) - frozenset(session.scalars(belong))


def _cohorts() -> Select[UUID, str, str, datetime, datetime, str, str, int]:
    members = (
        select(func.count())
        .select_from(CohortMember)
        .where(CohortMember.cohort_id == Cohort.id)
        .correlate(Cohort)
        .scalar_subquery()
    )
    return (
        select(
            Cohort.id,
            Cohort.slug,
            Cohort.title,
            Cohort.starts_at,
            Cohort.ends_at,
            Course.slug,
            CourseVersion.title,
            members,
        )
        .outerjoin(Course, Course.id == Cohort.course_id)
        .outerjoin(CourseVersion, CourseVersion.id == Course.current_version_id)
    )
