"""Facts for entitlements: what an organisation knows of people, of one or of a thousand in two statements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from certificates.domain.entitlement_facts import CertificateFact, QualityFact, SanctionFact
from certificates.domain.entitlements import AccountStanding, Inputs, Outcome, Terms
from certificates.domain.requirements import HoldsAchievement, Source, leaves_of
from certificates.domain.work_quality import estimate_of_all
from certificates.queries.entitlement_statements import statements_for
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import organisation_of


@dataclass(slots=True)
class KnownPerson:
    """What the session's organisation knows of a member.

    `work` are the tasks and points of first answers by skill, `standings` the outcomes that were told last by tier.
    """

    account: AccountStanding
    certificates: list[CertificateFact] = field(default_factory=list)
    work: dict[str, tuple[int, int]] = field(default_factory=dict)
    sanctions: list[SanctionFact] = field(default_factory=list)
    standings: dict[UUID, Outcome] = field(default_factory=dict)

    def inputs(self, *, tier_id: UUID, terms: Terms | None, action: str, at: datetime) -> Inputs:
        """Everything that a decision about a tier rests on, and nothing else of the person."""
        achievements, skills = _named(terms)
        return Inputs(
            at=at,
            action=action,
            tier=tier_id,
            account=self.account,
            is_member=True,
            had_it=self.standings.get(tier_id, Outcome.DENY) is not Outcome.DENY,
            terms=_at(terms, at),
            certificates=tuple(one for one in self.certificates if (one.organisation, one.slug) in achievements),
            quality=self._quality_in(skills),
            sanctions=tuple(sanction for sanction in self.sanctions if sanction.tier in (None, tier_id)),
        )

    @property
    def quality(self) -> tuple[QualityFact, ...]:
        """The estimate of each skill, and of all of them together."""
        return self._quality_in({*self.work, None})

    def _quality_in(self, skills: Collection[str | None]) -> tuple[QualityFact, ...]:
        """Only where it is asked for: an exact estimate costs more than the rest of a decision."""
        found = (self._estimate(skill) for skill in sorted(skills, key=lambda skill: (skill is None, skill or "")))
        return tuple(fact for fact in found if fact is not None)

    def _estimate(self, skill: str | None) -> QualityFact | None:
        records = self.work.values() if skill is None else [self.work[skill]] if skill in self.work else []
        known = estimate_of_all(records)
        if known is None:
            return None
        return QualityFact(skill, known.value, known.low, known.high, known.tasks)


def find_known(session: Session, people: Collection[UUID]) -> dict[UUID, KnownPerson]:
    """What the session's organisation knows of each of these people; who is no member is not among the answers.

    Certificates of the public catalogue are known of whoever lets the organisation see them. Two statements.
    """
    is_one = len(people) == 1
    given = {"organisation": organisation_of(session), "people": next(iter(people)) if is_one else list(people)}
    statements = statements_for(session.get_bind().dialect.name, is_one=is_one)
    known = _read_certificates(session.execute(statements.certificates, given))
    if known:
        _read_work(session.execute(statements.work, given), known)
    return known


def _at(terms: Terms | None, at: datetime) -> Terms | None:
    """The terms without the graces that are over."""
    if terms is None or not terms.earlier:
        return terms
    return Terms(terms.number, terms.requirement, tuple(one for one in terms.earlier if one.grace_until > at))


def _named(terms: Terms | None) -> tuple[set[tuple[Source, str]], set[str | None]]:
    """The achievements and the skills that the terms name, in the current version or an earlier one."""
    if terms is None:
        return set(), set()
    requirements = (terms.requirement, *(before.requirement for before in terms.earlier))
    leaves = [leaf for requirement in requirements for leaf in leaves_of(requirement)]
    achievements = {(leaf.organisation, leaf.slug) for leaf in leaves if isinstance(leaf, HoldsAchievement)}
    return achievements, {leaf.skill for leaf in leaves if not isinstance(leaf, HoldsAchievement)}


def _read_certificates(rows: Iterable[Any]) -> dict[UUID, KnownPerson]:
    known: dict[UUID, KnownPerson] = {}
    for row in rows:
        person = known.get(row.person_id)
        if person is None:
            person = known[row.person_id] = KnownPerson(AccountStanding(row.account.value))
        if row.id is not None:
            person.certificates.append(_certificate(row))
    for person in known.values():
        person.certificates.sort(key=lambda one: (one.issued_at, one.id))
    return known


def _certificate(row: Any) -> CertificateFact:
    return CertificateFact(
        id=row.id,
        organisation=Source.PUBLIC if row.organisation_id == PUBLIC_ORGANISATION_ID else Source.OWN,
        slug=row.slug,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        state=row.state,
        score=row.score,
        skills={entry["skill"]: Fraction(entry["score"]) for entry in row.skills},
        is_under_review=row.review is not None,
    )


def _read_work(rows: Iterable[Any], known: Mapping[UUID, KnownPerson]) -> None:
    for row in rows:
        person = known.get(row.person_id)
        if person is None:
            continue
        if row.kind == "sanction":
            person.sanctions.append(SanctionFact(row.id, row.tier_id, row.since, row.said))
        elif row.kind == "standing":
            person.standings[row.tier_id] = Outcome(row.said)
        else:
            person.work[row.said] = (row.tasks, row.points)
    for person in known.values():
        person.sanctions.sort(key=lambda one: (one.since, one.id))
