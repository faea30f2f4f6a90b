"""Cohorts: made, changed, joined by hand or by an invitation, and left with the organisation."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from courses.models.cohorts import Cohort, CohortMember
from courses.models.courses import Course
from lms.accounts.people import get_member
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotFound
from lms.members.events import InvitationAccepted, MembershipEnded

LABEL = "cohort"  # of an invitation: whoever accepts it joins the cohort with this slug or id


@dataclass(frozen=True, slots=True)
class CohortTerms:
    """What a cohort is: its name, from when until when, and the course that it takes, if any in particular."""

    title: str
    starts_at: datetime
    ends_at: datetime
    course_slug: str | None = None


def make_cohort(session: Session, *, slug: str, terms: CohortTerms, actor_id: UUID, at: datetime) -> UUID:
    """Raises Conflict when the slug is taken, Invalid for dates in the wrong order or an unknown course."""
    cohort_id = session.execute(
        insert_into(session, Cohort)
        .values(
            id=uuid4(),
            organisation_id=organisation_of(session),
            slug=slug,
            made_by=actor_id,
            made_at=at,
            **_columns(session, terms),
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "slug"])
        .returning(Cohort.id)
    ).scalar_one_or_none()
    if cohort_id is None:
        raise Conflict("There is a cohort with this short name already.")
    record(session, action="cohort.made", actor=actor_id, subject_id=cohort_id, at=at, slug=slug)
    return cohort_id


def change_cohort(session: Session, *, cohort_id: UUID, terms: CohortTerms, actor_id: UUID, at: datetime) -> None:
    """Raises NotFound without such a cohort, Invalid as `make_cohort` does."""
    changed = session.scalar(
        update(Cohort).where(Cohort.id == cohort_id).values(**_columns(session, terms)).returning(Cohort.id)
    )
    if changed is None:
        raise NotFound("There is no such cohort.")
    record(session, action="cohort.changed", actor=actor_id, subject_id=cohort_id, at=at, title=terms.title)


def add_member(session: Session, *, cohort_id: UUID, person_id: UUID, actor_id: UUID, at: datetime) -> None:
    """Adding somebody twice changes nothing. Raises NotFound for a cohort or a person that is not here."""
    get_member(session, person_id=person_id)
    if session.scalars(select(Cohort.id).where(Cohort.id == cohort_id)).one_or_none() is None:
        raise NotFound("There is no such cohort.")
    if _join(session, cohort_id, person_id, at):
        record(session, action="cohort.joined", actor=actor_id, subject_id=person_id, at=at, cohort=str(cohort_id))


def remove_member(session: Session, *, cohort_id: UUID, person_id: UUID, actor_id: UUID, at: datetime) -> None:
    """Whoever does not belong to it is left alone. Their results stay."""
    removed = session.scalar(
        delete(CohortMember)
        .where(CohortMember.cohort_id == cohort_id, CohortMember.person_id == person_id)
        .returning(CohortMember.person_id)
    )
    if removed is not None:
        record(session, action="cohort.left", actor=actor_id, subject_id=person_id, at=at, cohort=str(cohort_id))


def join_by_invitation(session: Session, accepted: InvitationAccepted) -> None:
    """Whoever accepts an invitation with the label `cohort` belongs to that cohort, if it is still there."""
    named = accepted.labels.get(LABEL)
    if not isinstance(named, str) or not named:
        return
    wanted = [Cohort.slug == named.strip().casefold()]
    with suppress(ValueError):  # as a rule it is a slug
        wanted.append(Cohort.id == UUID(named))
    cohort_id = session.scalars(select(Cohort.id).where(or_(*wanted)).limit(1)).one_or_none()
    if cohort_id is not None and _join(session, cohort_id, accepted.person_id, accepted.at):
        record(
            session,
            action="cohort.joined",
            actor=accepted.person_id,
            subject_id=accepted.person_id,
            at=accepted.at,
            cohort=str(cohort_id),
        )


def leave_all(session: Session, ended: MembershipEnded) -> None:
    """Whoever leaves the organisation leaves its cohorts."""
    session.execute(delete(CohortMember).where(CohortMember.person_id == ended.person_id))


def _join(session: Session, cohort_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Whether this made them a member."""
    joined = session.execute(
        insert_into(session, CohortMember)
        .values(organisation_id=organisation_of(session), cohort_id=cohort_id, person_id=person_id, joined_at=at)
        .on_conflict_do_nothing()
        .returning(CohortMember.person_id)
    )
    return joined.first() is not None


def _columns(session: Session, terms: CohortTerms) -> dict[str, object]:
    if terms.starts_at >= terms.ends_at:
        raise Invalid("A cohort ends after it starts.")
    course_id = None
    if terms.course_slug:
        course_id = session.scalars(select(Course.id).where(Course.slug == terms.course_slug)).one_or_none()
        if course_id is None:
            raise Invalid("There is no such course.")
    return {"title": terms.title, "starts_at": terms.starts_at, "ends_at": terms.ends_at, "course_id": course_id}
