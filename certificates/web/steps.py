"""Tiers as somebody sees them on the way: open or not, and the next step toward each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from assessments.queries.tests import list_tests
from certificates.domain.entitlements import Decision, Outcome, decide
from certificates.domain.judging import Lack, LackKind, Missing
from certificates.domain.requirements import Source
from certificates.queries.entitlement_facts import KnownPerson, ask, find_known
from certificates.queries.tiers import RequiredAchievement, TierView, list_tiers
from courses.queries.courses import list_courses
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import organisation_of


@dataclass(frozen=True, slots=True)
class Suspension:
    """What closes a tier to somebody by a decision of people, who say why."""

    id: UUID
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class TierStep:
    """A tier and what is missing for it. `is_open` and `decision` are None for a stranger, of whom nothing is known.

    `missing` are the achievements among what is missing, in the order of the tier.
    """

    tier: TierView
    is_open: bool | None
    missing: tuple[RequiredAchievement, ...]
    decision: Decision | None = None

    @property
    def suspensions(self) -> tuple[Suspension, ...]:
        missing = () if self.decision is None else self.decision.missing
        return tuple(_suspension(one.facts) for one in missing if is_sanction(one))


def tier_steps(session: Session, *, person_id: UUID | None, at: datetime) -> list[TierStep]:
    """Every tier in the order of the catalogue, as this person stands toward it."""
    tiers = list_tiers(session)
    if person_id is None:
        return [TierStep(tier, None, tier.requires) for tier in tiers]
    known = find_known(session, [person_id]).get(person_id)
    return [tier_step(tier, known, at) for tier in tiers]


def tier_step(tier: TierView, known: KnownPerson | None, at: datetime) -> TierStep:
    """How somebody stands toward a tier; of whom nothing is known, everything is missing."""
    if known is None:
        return TierStep(tier, False, tier.requires)
    decision = decide(known.inputs(ask(tier, action="look", at=at)))
    named = {achievement for missing in decision.missing for achievement in _achievements(missing)}
    missing = tuple(needed for needed in tier.requires if (needed.source.value, needed.slug) in named)
    return TierStep(tier, decision.outcome is not Outcome.DENY, missing, decision)


def is_sanction(missing: Missing) -> TypeGuard[Lack]:
    """Whether people closed the tier, so that nothing that somebody could earn opens it."""
    return isinstance(missing, Lack) and missing.kind is LackKind.SANCTION


def _suspension(facts: Mapping[str, Any]) -> Suspension:
    return Suspension(UUID(facts["sanction"]), datetime.fromisoformat(facts["since"]), facts["reason"])


def next_tier(steps: list[TierStep]) -> TierStep | None:
    """The tier that is nearest: reachable, not open, and the fewest achievements away."""
    ahead = [step for step in steps if step.missing and not step.is_open]
    return min(ahead, key=lambda step: len(step.missing), default=None)


def is_here(needed: RequiredAchievement, *, is_public: bool) -> bool:
    """Whether its course and its test are in the organisation that somebody is in; that may be the public one."""
    return needed.source is Source.OWN or is_public


def find_addresses(session: Session, wanted: Iterable[RequiredAchievement]) -> dict[RequiredAchievement, str]:
    """Where each of these is taught, or at least tested; what is neither here has none."""
    is_public = organisation_of(session) == PUBLIC_ORGANISATION_ID
    here = [needed for needed in wanted if is_here(needed, is_public=is_public)]
    courses = {course.slug for course in list_courses(session)} if here else set()
    untaught = [needed for needed in here if needed.slug not in courses]
    tests = {test.slug for test in list_tests(session)} if untaught else set()
    taught = {one: url_for("courses_public.course", slug=one.slug) for one in here if one.slug in courses}
    tested = {one: url_for("assessments_candidate.test", slug=one.slug) for one in untaught if one.slug in tests}
    return taught | tested


def _achievements(missing: Missing) -> set[tuple[str, str]]:
    """The achievements that are named by what is missing."""
    if isinstance(missing, Lack):
        facts = missing.facts
        return {(facts["organisation"], facts["achievement"])} if "achievement" in facts else set()
    return {achievement for part in missing.parts for achievement in _achievements(part)}
