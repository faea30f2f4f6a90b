"""Ways to tiers: what each still asks of somebody, how long that takes, and which tries remain."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessments.queries.eligibility import eligibilities
from assessments.queries.tests import TestSummary, list_tests
from assessments.web.candidate.tests import Verdict, in_words
from certificates.domain.decision_records import missing_as_json
from certificates.domain.requirement_words import Names, say_missing
from certificates.queries.entitlement_facts import find_known
from certificates.queries.tiers import RequiredAchievement, TierView, achievement_names, list_all_tiers, list_tiers
from certificates.web.steps import TierStep, is_here, is_sanction, tier_step
from courses.queries.courses import CourseSummary, list_courses
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import organisation_of


@dataclass(frozen=True, slots=True)
class Leg:
    """One certificate that is missing: the course and the test that lead to it where they are here, and the tries."""

    needed: RequiredAchievement
    course: CourseSummary | None
    test: TestSummary | None
    verdict: Verdict | None  # None for strangers


@dataclass(frozen=True, slots=True)
class Way:
    """A tier as somebody stands toward it. `said` is what is missing in sentences, `hours` what its courses take."""

    step: TierStep
    said: tuple[str, ...]
    legs: tuple[Leg, ...]

    @property
    def tier(self) -> TierView:
        return self.step.tier

    @property
    def hours(self) -> float:
        return sum(leg.course.hours for leg in self.legs if leg.course)

    @property
    def next_leg(self) -> Leg | None:
        """The certificate to go for first: one whose course is here."""
        return next((leg for leg in self.legs if leg.course or leg.test), None)


def list_ways(session: Session, *, person_id: UUID | None, at: datetime) -> list[Way]:
    """Every tier of the organisation, for the signed-in those of the public catalogue as well."""
    courses = {course.slug: course for course in list_courses(session)}
    tests = {test.slug: test for test in list_tests(session)}
    if person_id is None:
        steps = [TierStep(tier, None, tier.requires) for tier in list_tiers(session)]
        return [Way(step, (), _legs(step, courses, tests, {}, is_public=True)) for step in steps]
    known = find_known(session, [person_id]).get(person_id)
    steps = [tier_step(tier, known, at) for tier in list_all_tiers(session)]
    is_public = organisation_of(session) == PUBLIC_ORGANISATION_ID
    wanted = {needed.slug for step in steps for needed in step.missing if is_here(needed, is_public=is_public)}
    asked = [test for slug, test in tests.items() if slug in wanted]
    verdicts = {
        slug: in_words(verdict, at)
        for slug, verdict in eligibilities(session, asked, person_id=person_id, at=at).items()
    }
    names = achievement_names(session)
    return [Way(step, _say(step, names), _legs(step, courses, tests, verdicts, is_public=is_public)) for step in steps]


def _say(step: TierStep, names: Names) -> tuple[str, ...]:
    if step.decision is None:
        return ()
    return tuple(say_missing(missing_as_json(one), names) for one in step.decision.missing if not is_sanction(one))


def _legs(
    step: TierStep,
    courses: dict[str, CourseSummary],
    tests: dict[str, TestSummary],
    verdicts: dict[str, Verdict],
    *,
    is_public: bool,
) -> tuple[Leg, ...]:
    return tuple(
        Leg(needed, courses.get(needed.slug), tests.get(needed.slug), verdicts.get(needed.slug))
        if is_here(needed, is_public=is_public)
        else Leg(needed, None, None, None)
        for needed in step.missing
    )
