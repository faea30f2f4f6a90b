"""Programmes: made and changed, and asked when somebody wants to sit the test that they lead to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assessments.domain.eligibility import Hindrance
from assessments.events import HindrancesAsked
from assessments.models.tests import Test
from certificates.domain.programmes import Stop, find_stops
from certificates.models.programmes import Programme, ProgrammeCohort
from certificates.models.tiers import Tier
from certificates.queries.programmes import Enrolled, list_enrolled, list_programmes
from courses.models.cohorts import Cohort
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid, NotFound
from lms.members.consents import list_given

_SCOPES = {
    "profile": "your name and address",
    "results": "your results",
    "certificates": "your certificates",
    "quality": "the quality of your work",
}


@dataclass(frozen=True, slots=True)
class ProgrammeTerms:
    """What a programme is. `cohorts` are slugs of the cohorts that take it."""

    title: str
    summary: str
    test_slug: str
    tier_slug: str | None = None
    due_days: int | None = None
    tries: int | None = None
    consents: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()


def make_programme(session: Session, *, slug: str, terms: ProgrammeTerms, actor_id: UUID, at: datetime) -> UUID:
    """Raises Conflict when the slug is taken, Invalid for an unknown test, tier or cohort."""
    programme_id = session.execute(
        insert_into(session, Programme)
        .values(id=uuid4(), organisation_id=organisation_of(session), slug=slug, made_at=at, **_columns(session, terms))
        .on_conflict_do_nothing(index_elements=["organisation_id", "slug"])
        .returning(Programme.id)
    ).scalar_one_or_none()
    if programme_id is None:
        raise Conflict("There is a programme with this short name already.")
    _set_cohorts(session, programme_id, terms.cohorts)
    record(session, action="programme.made", actor=actor_id, subject_id=programme_id, at=at, slug=slug)
    return programme_id


def change_programme(
    session: Session, *, programme_id: UUID, terms: ProgrammeTerms, actor_id: UUID, at: datetime
) -> None:
    """Raises NotFound without such a programme, Invalid as `make_programme` does."""
    changed = session.scalar(
        update(Programme).where(Programme.id == programme_id).values(**_columns(session, terms)).returning(Programme.id)
    )
    if changed is None:
        raise NotFound("There is no such programme.")
    _set_cohorts(session, programme_id, terms.cohorts)
    record(session, action="programme.changed", actor=actor_id, subject_id=programme_id, at=at, title=terms.title)


def name_hindrances(session: Session, question: HindrancesAsked) -> None:
    """Say why the person's programmes do not let them start this test now; one that does is enough.

    Whoever is in no programme of the test, or has passed it, is bound by the test's own terms alone.
    """
    if question.has_passed:
        return
    leading = [one for one in list_programmes(session) if one.test_slug == question.test_slug]
    enrolled = list_enrolled(session, leading, person_id=question.person_id)
    if not enrolled:
        return
    asks_consent = any(one.programme.policy.consents for one in enrolled)
    given = frozenset(str(one) for one in list_given(session, person_id=question.person_id)) if asks_consent else None
    stopped = [(one, _stops(one, question, given or frozenset())) for one in enrolled]
    if all(stops for _one, stops in stopped):
        one, stops = stopped[-1]
        question.hindrances.extend(_hindrance(one, stop) for stop in stops)


def _stops(one: Enrolled, question: HindrancesAsked, given: frozenset[str]) -> tuple[Stop, ...]:
    return find_stops(one.programme.policy, one.enrolment, starts=question.starts, given=given, at=question.at)


def _hindrance(one: Enrolled, stop: Stop) -> Hindrance:
    title, policy = one.programme.title, one.programme.policy
    if stop is Stop.NOT_BEGUN:
        opens = one.enrolment.starts_at
        return Hindrance(f"Your programme “{title}” begins on {opens:%d %B %Y, %H:%M} UTC.", until=opens)
    if stop is Stop.OVER:
        due = one.enrolment.due_at(policy)
        return Hindrance(f"The time of your programme “{title}” was over on {due:%d %B %Y, %H:%M} UTC.")
    if stop is Stop.TRIES_USED:
        return Hindrance(f"You have used all tries that your programme “{title}” allows.")
    seen = " and ".join(_SCOPES.get(scope, scope) for scope in policy.consents)
    return Hindrance(
        f"Your programme “{title}” asks you to let the organisation see {seen}. You can agree on the page "
        "“Organisations” of your account."
    )


def _columns(session: Session, terms: ProgrammeTerms) -> dict[str, object]:
    test_id = session.scalars(select(Test.id).where(Test.slug == terms.test_slug)).one_or_none()
    if test_id is None:
        raise Invalid("There is no such test.")
    tier_id = None
    if terms.tier_slug:
        tier_id = session.scalars(select(Tier.id).where(Tier.slug == terms.tier_slug)).one_or_none()
        if tier_id is None:
            raise Invalid("There is no such tier.")
    return {
        "title": terms.title,
        "summary": terms.summary,
        "test_id": test_id,
        "tier_id": tier_id,
        "due_days": terms.due_days,
        "tries": terms.tries,
        "consents": list(terms.consents),
    }


def _set_cohorts(session: Session, programme_id: UUID, slugs: Collection[str]) -> None:
    wanted = set(session.scalars(select(Cohort.id).where(Cohort.slug.in_(slugs)))) if slugs else set()
    if len(wanted) != len(set(slugs)):
        raise Invalid("There is no such cohort.")
    session.execute(delete(ProgrammeCohort).where(ProgrammeCohort.programme_id == programme_id))
    session.add_all(
        ProgrammeCohort(organisation_id=organisation_of(session), programme_id=programme_id, cohort_id=cohort_id)
        for cohort_id in sorted(wanted)
    )
    session.flush()
