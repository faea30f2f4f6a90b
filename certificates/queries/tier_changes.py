"""What a change of a tier's requirement would do: who would gain the tier, and who would lose it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from certificates.domain.entitlements import AccountStanding, Outcome
from certificates.domain.judging import Facts, Missing, find_missing
from certificates.domain.requirements import (
    HoldsAchievement,
    Requirement,
    WorkQuality,
    in_public_catalogue,
    leaves_of,
)
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.entitlements import TierStanding
from certificates.models.tiers import TierVersion
from certificates.queries.entitlement_facts import KnownPerson, find_known
from certificates.queries.tier_holders import Crowd
from lms.accounts.models import Membership, Person
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import READS_PUBLIC, organisation_of

PAGE = 50  # people


@dataclass(frozen=True, slots=True)
class Change:
    """What a tier asks for now, or None for nothing, which nobody meets; and what it is to ask for."""

    tier_id: UUID
    present: Requirement | None
    wanted: Requirement


@dataclass(frozen=True, slots=True)
class Turned:
    """Somebody to whom a change makes a difference; `missing` is what the new requirement still lacks, if anything."""

    person_id: UUID
    is_gain: bool
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a change would do: how many of all members gain and lose, and one page of who these are.

    `lines` are in the order of ids, which are random; `next` is the last id when there are more.
    """

    gains: int
    losses: int
    lines: tuple[Turned, ...]
    next: UUID | None
    names: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of what a tier asks for."""

    number: int
    is_current: bool
    requirement: dict[str, object]
    reason: str
    grace_until: datetime | None
    created_at: datetime
    created_by: str | None  # a name; None: the catalogue's files


def rehearse(
    session: Session,
    *,
    tier_id: UUID,
    present: Requirement | None,
    wanted: Requirement,
    at: datetime,
    after: UUID | None = None,
) -> DryRun:
    """Count everybody who meets one requirement and not the other: four statements at most, and three for the page.

    Nothing is written. Who would lose the tier keeps it while the grace lasts.
    """
    is_public = organisation_of(session) == PUBLIC_ORGANISATION_ID
    asked = in_public_catalogue(wanted) if is_public else wanted  # as it would be kept
    crowd = Crowd(session, tier_id=tier_id, requirements=(present, asked), at=at)
    held, would = crowd.who_meets(present), crowd.who_meets(asked)
    page = [UUID(one) for one in nsmallest(PAGE + 1, (one for one in held ^ would if _is_later(one, after)))]
    shown = page[:PAGE]
    return DryRun(
        gains=len(would - held),
        losses=len(held - would),
        lines=tuple(find_turned(session, shown, Change(tier_id, present, asked), at=at)),
        next=shown[-1] if len(page) > PAGE else None,
        names=_names(session, shown),
    )


def find_turned(session: Session, people: Sequence[UUID], change: Change, *, at: datetime) -> list[Turned]:
    """Those of these people to whom a change that is made at this instant makes a difference. Two statements."""
    if not people:
        return []
    known, had_it = find_known(session, people), _had_it(session, people, change.tier_id, at)
    found = (
        _turned(person_id, known[person_id], person_id in had_it, change, at)
        for person_id in people
        if person_id in known
    )
    return [one for one in found if one is not None]


def list_concerned(
    session: Session, requirements: Collection[Requirement | None], *, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """The next members whom these requirements may concern, in the order of their ids."""
    leaves = [leaf for requirement in requirements if requirement is not None for leaf in leaves_of(requirement)]
    found = select(Membership.person_id).where(Membership.organisation_id == organisation_of(session)).distinct()
    if not any(isinstance(leaf, WorkQuality) for leaf in leaves):
        slugs = {leaf.slug for leaf in leaves if isinstance(leaf, HoldsAchievement)}
        found = found.where(_holds_one(session, slugs))
    page = found if after is None else found.where(Membership.person_id > after)
    return session.scalars(page.order_by(Membership.person_id).limit(limit), execution_options=READS_PUBLIC).all()


def list_versions(session: Session, tier_id: UUID) -> list[VersionLine]:
    """Every version of what a tier asks for, the newest first. One statement."""
    rows = session.execute(
        select(TierVersion, Person.name)
        .outerjoin(Person, Person.id == TierVersion.created_by)
        .where(TierVersion.tier_id == tier_id)
        .order_by(TierVersion.number.desc())
    )
    return [
        VersionLine(
            number=version.number,
            is_current=version.is_current,
            requirement=version.requirement,
            reason=version.reason,
            grace_until=version.grace_until,
            created_at=version.created_at,
            created_by=name,
        )
        for version, name in rows
    ]


def _is_later(person_id: str, after: UUID | None) -> bool:
    return after is None or person_id.replace("-", "") > after.hex


def _had_it(session: Session, people: Sequence[UUID], tier_id: UUID, at: datetime) -> set[UUID]:
    """To whom the tier was open at this instant: to those to whom it is open, or was closed since."""
    was_open = or_(TierStanding.outcome != Outcome.DENY, TierStanding.changed_at >= at)
    found = select(TierStanding.person_id).where(TierStanding.tier_id == tier_id, was_open)
    return set(session.scalars(found.where(TierStanding.person_id.in_(people))))


def _turned(person_id: UUID, known: KnownPerson, had_it: bool, change: Change, at: datetime) -> Turned | None:
    closed_by = any(one.tier in (None, change.tier_id) for one in known.sanctions)
    if closed_by or known.account is not AccountStanding.ACTIVE:
        return None  # the tier is closed to them, whatever it asks for
    facts = Facts(known.certificates, known.quality, had_it)
    held = change.present is not None and find_missing(change.present, facts, at, is_lenient=True) is None
    missing = find_missing(change.wanted, facts, at, is_lenient=True)
    return None if held == (missing is None) else Turned(person_id, missing is None, missing)


def _holds_one(session: Session, slugs: set[str]) -> ColumnElement[bool]:
    """Whether a member ever got a certificate of one of these achievements; whether it counts is judged later."""
    named = (
        select(AchievementVersion.id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(Achievement.slug.in_(slugs))
    )
    return exists().where(
        and_(
            Certificate.person_id == Membership.person_id,
            or_(
                Certificate.organisation_id == organisation_of(session),
                Certificate.organisation_id == PUBLIC_ORGANISATION_ID,
            ),
            Certificate.achievement_version_id.in_(named),
        )
    )


def _names(session: Session, people: list[UUID]) -> dict[UUID, str]:
    if not people:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {person.id: person.name for person in rows}
