"""What a change of a tier's requirement would do: who would gain the tier, and who would lose it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from certificates.domain.entitlements import AccountStanding, Outcome
from certificates.domain.judging import Facts, Missing, find_missing
from certificates.domain.requirements import HoldsAchievement, Requirement, WorkQuality, leaves_of
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.tiers import TierVersion
from certificates.queries.entitlement_facts import KnownPerson, find_known
from lms.accounts.models import Membership, Person
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import READS_PUBLIC, organisation_of

PAGE = 50  # people
BATCH = 1000  # people whose facts are read at once
MOST_LOOKED_AT = 20_000  # people for whom one page waits; a change in force is judged for everybody, by the worker


@dataclass(frozen=True, slots=True)
class Turned:
    """Somebody to whom a change makes a difference; `missing` is what the new requirement still lacks, if anything."""

    person_id: UUID
    is_gain: bool
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a change would do to those who were looked at, everybody whom it may concern unless there are too many.

    `lines` is one page of it in the order of ids, which are random; `next` is the last id when there are more.
    """

    looked_at: int
    is_everybody: bool
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
    """Judge everybody whom it may concern by both requirements: three statements for a thousand people.

    Nothing is written. Who would lose the tier keeps it while the grace lasts.
    """
    looked_at, is_everybody, found = 0, True, list[Turned]()
    for people in _batches(session, [present, wanted]):
        if looked_at >= MOST_LOOKED_AT:
            is_everybody = False
            break
        looked_at += len(people)
        found.extend(_turned_of(session, people, tier_id, present, wanted, at))
    gains = sum(one.is_gain for one in found)
    rest = [one for one in found if after is None or one.person_id.hex > after.hex]
    shown = tuple(rest[:PAGE])
    return DryRun(
        looked_at=looked_at,
        is_everybody=is_everybody,
        gains=gains,
        losses=len(found) - gains,
        lines=shown,
        next=shown[-1].person_id if len(rest) > PAGE else None,
        names=_names(session, [one.person_id for one in shown]),
    )


def find_turned(
    session: Session, *, tier_id: UUID, present: Requirement | None, wanted: Requirement, at: datetime
) -> Iterator[Turned]:
    """Those to whom the change makes a difference, in the order of their ids."""
    for people in _batches(session, [present, wanted]):
        yield from _turned_of(session, people, tier_id, present, wanted, at)


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


def _turned_of(
    session: Session,
    people: list[UUID],
    tier_id: UUID,
    present: Requirement | None,
    wanted: Requirement,
    at: datetime,
) -> Iterator[Turned]:
    known = find_known(session, people)
    for person_id in people:
        if person_id in known:
            turned = _turned(person_id, known[person_id], tier_id, present, wanted, at)
            if turned is not None:
                yield turned


def _turned(
    person_id: UUID,
    known: KnownPerson,
    tier_id: UUID,
    present: Requirement | None,
    wanted: Requirement,
    at: datetime,
) -> Turned | None:
    if known.account is not AccountStanding.ACTIVE or any(one.tier in (None, tier_id) for one in known.sanctions):
        return None  # the tier is closed to them, whatever it asks for
    had_it = known.standings.get(tier_id, Outcome.DENY) is not Outcome.DENY
    facts = Facts(known.certificates, known.quality, had_it)
    held = present is not None and find_missing(present, facts, at, is_lenient=True) is None
    missing = find_missing(wanted, facts, at, is_lenient=True)
    return None if held == (missing is None) else Turned(person_id, missing is None, missing)


def _batches(session: Session, requirements: list[Requirement | None]) -> Iterator[list[UUID]]:
    """The members whom these requirements may concern, so many at a time, in the order of their ids."""
    leaves = [leaf for requirement in requirements if requirement is not None for leaf in leaves_of(requirement)]
    found = select(Membership.person_id).where(Membership.organisation_id == organisation_of(session)).distinct()
    if not any(isinstance(leaf, WorkQuality) for leaf in leaves):
        slugs = {leaf.slug for leaf in leaves if isinstance(leaf, HoldsAchievement)}
        found = found.where(_holds_one(session, slugs))
    last: UUID | None = None
    while True:
        page = found if last is None else found.where(Membership.person_id > last)
        people = list(session.scalars(page.order_by(Membership.person_id).limit(BATCH), execution_options=READS_PUBLIC))
        if people:
            yield people
        if len(people) < BATCH:
            return
        last = people[-1]


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
