"""Who meets a requirement: everybody at once, as sets of people that are read leaf by leaf, however many they are."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from datetime import datetime, timedelta
from fractions import Fraction
from functools import reduce
from itertools import chain
from operator import and_, or_
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from certificates.domain.entitlements import Outcome
from certificates.domain.requirements import (
    AllOf,
    AnyOf,
    AtLeast,
    HoldsAchievement,
    Leaf,
    Requirement,
    Source,
    WorkQuality,
    leaves_of,
)
from certificates.domain.standing import CertificateState
from certificates.domain.work_quality import UNITS
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.entitlements import TierStanding
from certificates.models.sanctions import Sanction
from certificates.models.work_quality import WorkQuality as WorkRecord
from lms.accounts.models import Membership, Person, PersonState
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.members.models import Consent, ConsentScope

People = Set[str]  # ids as the database writes them: whole sets of them come as one text, which costs least by far


class Crowd:
    """Everybody to whom a tier of the session's organisation can be open at an instant, whatever it asks for.

    These are the members whose account is active and who are not kept from the tier by a sanction. It is asked about
    these requirements, and reads four statements at most, however many people and leaves there are.
    """

    def __init__(
        self, session: Session, *, tier_id: UUID, requirements: Iterable[Requirement | None], at: datetime
    ) -> None:
        self._session = session
        self._own = organisation_of(session)
        self._people = self._read(_eligible(self._own, tier_id))
        leaves = list(dict.fromkeys(leaf for one in requirements if one is not None for leaf in leaves_of(one)))
        self._by_leaf: dict[Leaf, People] = {}
        self._find_holders([leaf for leaf in leaves if isinstance(leaf, HoldsAchievement)], at)
        self._find_workers([leaf for leaf in leaves if isinstance(leaf, WorkQuality)], tier_id)

    def who_meets(self, requirement: Requirement | None) -> People:
        """Those of whom `judging.holds` says yes, leniently; nobody meets None."""
        match requirement:
            case None:
                return frozenset()
            case AllOf(parts):
                return reduce(and_, map(self.who_meets, parts), self._people)
            case AnyOf(parts):
                return reduce(or_, map(self.who_meets, parts), frozenset[str]())
            case AtLeast(count, parts):
                met = Counter(chain.from_iterable(map(self.who_meets, parts)))
                return {person_id for person_id, times in met.items() if times >= count}
            case HoldsAchievement() | WorkQuality():
                return self._by_leaf[requirement] & self._people

    def _find_holders(self, leaves: Sequence[HoldsAchievement], at: datetime) -> None:
        if not leaves:
            return
        wanted = union_all(*(_certificates(place, leaf, self._own, at) for place, leaf in enumerate(leaves)))
        rows = self._session.execute(wanted, execution_options=READS_PUBLIC).all()
        for place, leaf in enumerate(leaves):
            found = (people for of, said, people in rows if of == place and _reaches(said, leaf))
            self._by_leaf[leaf] = _union(found)

    def _find_workers(self, leaves: Sequence[WorkQuality], tier_id: UUID) -> None:
        if not leaves:
            return
        had_it = self._read(_open_to(tier_id, self._own))
        rows = self._session.execute(
            union_all(*(_work(place, leaf, self._own) for place, leaf in enumerate(leaves)))
        ).all()
        for place, leaf in enumerate(leaves):
            known = [row for row in rows if row.leaf == place]
            enough = _union(row.people for row in known)
            good = _union(row.people for row in known if _is_good(int(row.tasks), int(row.points), leaf))
            others = self._people - enough if leaf.provisional else frozenset()
            self._by_leaf[leaf] = good | (enough & had_it) | others

    def _read(self, wanted: Select[str]) -> People:
        return _union([self._session.scalar(wanted, execution_options=READS_PUBLIC)])


def _union(texts: Iterable[str | None]) -> People:
    """The people of several texts; the database has no text for nobody."""
    return frozenset(chain.from_iterable(text.split(",") for text in texts if text))


def _everybody(column: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[str]:
    return func.aggregate_strings(cast(column, String), ",")


def _eligible(own: UUID, tier_id: UUID) -> Select[str]:
    is_kept_away = exists().where(
        Sanction.organisation_id == own,
        Sanction.person_id == Membership.person_id,
        Sanction.lifted_at.is_(None),
        Sanction.tier_id.is_(None) | (Sanction.tier_id == tier_id),
    )
    return (
        select(_everybody(Membership.person_id))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == own, Person.state == PersonState.ACTIVE, ~is_kept_away)
    )


def _open_to(tier_id: UUID, own: UUID) -> Select[str]:
    return select(_everybody(TierStanding.person_id)).where(
        TierStanding.organisation_id == own, TierStanding.tier_id == tier_id, TierStanding.outcome != Outcome.DENY
    )


def _certificates(place: int, leaf: HoldsAchievement, own: UUID, at: datetime) -> Select[int, str, str]:
    """Who holds a certificate that counts at this instant, by its scores if these matter; who holds two comes twice."""
    scores = cast(Certificate.skills if leaf.minimum else null(), String)
    wanted = (
        select(literal(place).label("leaf"), scores.label("scores"), _everybody(Certificate.person_id).label("people"))
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(
            Achievement.slug == leaf.slug,
            Certificate.state == CertificateState.VALID,
            Certificate.issued_at <= at,
            Certificate.valid_until > at,
            _may_be_seen(leaf.organisation, own),
        )
    )
    if leaf.not_older_than_days is not None:
        wanted = wanted.where(Certificate.issued_at > at - timedelta(days=leaf.not_older_than_days))
    return wanted.group_by(scores) if leaf.minimum else wanted


def _may_be_seen(source: Source, own: UUID) -> ColumnElement[bool]:
    """Whose certificate it must be; those of the public catalogue another organisation sees of whoever lets it."""
    is_public = Certificate.organisation_id == PUBLIC_ORGANISATION_ID
    if source is Source.OWN:
        return (Certificate.organisation_id == own) & ~is_public
    if own == PUBLIC_ORGANISATION_ID:
        return is_public
    lets_see = exists().where(
        Consent.organisation_id == own,
        Consent.person_id == Certificate.person_id,
        Consent.scope == ConsentScope.CERTIFICATES,
        Consent.withdrawn_at.is_(None),
    )
    return is_public & lets_see


def _work(place: int, leaf: WorkQuality, own: UUID) -> Select[*tuple[Any, ...]]:
    """Those of whom enough first answers are known, by how many tasks and points these are together."""
    tasks, points = func.sum(WorkRecord.tasks), func.sum(WorkRecord.points)
    known = select(WorkRecord.person_id, tasks.label("tasks"), points.label("points")).where(
        WorkRecord.organisation_id == own
    )
    if leaf.skill is not None:
        known = known.where(WorkRecord.skill == leaf.skill)
    each = known.group_by(WorkRecord.person_id).having(tasks >= leaf.tasks).subquery()
    sums = (each.c.tasks, each.c.points)
    people = _everybody(each.c.person_id).label("people")
    return select(literal(place).label("leaf"), *sums, people).group_by(*sums)


def _reaches(said: str | None, leaf: HoldsAchievement) -> bool:
    if said is None:
        return True  # any score will do
    scores = {entry["skill"]: Fraction(entry["score"]) for entry in json.loads(said)}
    return all(skill in scores and scores[skill] >= least for skill, least in leaf.minimum.items())


def _is_good(tasks: int, points: int, leaf: WorkQuality) -> bool:
    """Whether the estimate reaches the floor, in whole numbers: `points / (tasks * UNITS) >= at_least`."""
    return points * leaf.at_least.denominator >= leaf.at_least.numerator * tasks * UNITS
