"""Facts for entitlements: what an organisation knows of people, of one or of a thousand in one statement."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from certificates.domain.entitlement_facts import CertificateFact, QualityFact, SanctionFact
from certificates.domain.entitlements import AccountStanding, Inputs, Outcome, Terms
from certificates.domain.requirements import HoldsAchievement, Source, leaves_of
from certificates.domain.work_quality import estimate_of_all
from certificates.queries.entitlement_statements import statement_for
from certificates.queries.tiers import TierView
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.db.scope import organisation_of


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a tier is open for an action at an instant: asked of one person, or of thousands."""

    tier: UUID
    terms: Terms | None  # without the graces that are over by then
    action: str
    at: datetime
    achievements: frozenset[tuple[Source, str]]  # that the terms name, in the current version or an earlier one
    skills: tuple[str | None, ...]  # of which they name the work quality


def ask(tier: TierView, *, action: str, at: datetime) -> Question:
    """Put a question together."""
    if tier.terms is None:
        return Question(tier.id, None, action, at, frozenset(), ())
    terms = replace(tier.terms, earlier=tuple(one for one in tier.terms.earlier if one.grace_until > at))
    requirements = (terms.requirement, *(before.requirement for before in terms.earlier))
    leaves = [leaf for requirement in requirements for leaf in leaves_of(requirement)]
    achievements = frozenset((leaf.organisation, leaf.slug) for leaf in leaves if isinstance(leaf, HoldsAchievement))
    skills = {leaf.skill for leaf in leaves if not isinstance(leaf, HoldsAchievement)}
    return Question(tier.id, terms, action, at, achievements, tuple(sorted(skills, key=_all_skills_last)))


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

    def inputs(self, asked: Question) -> Inputs:
        """Everything that the decision rests on, and nothing else of the person."""
        return Inputs(
            at=asked.at,
            action=asked.action,
            tier=asked.tier,
            account=self.account,
            is_member=True,
            had_it=self.standings.get(asked.tier, Outcome.DENY) is not Outcome.DENY,
            terms=asked.terms,
            certificates=tuple(one for one in self.certificates if (one.organisation, one.slug) in asked.achievements),
            quality=self._quality_in(asked.skills),
            sanctions=tuple(sanction for sanction in self.sanctions if sanction.tier in (None, asked.tier)),
        )

    @property
    def quality(self) -> tuple[QualityFact, ...]:
        """The estimate of each skill, and of all of them together."""
        return self._quality_in([*sorted(self.work), None])

    def _quality_in(self, skills: Iterable[str | None]) -> tuple[QualityFact, ...]:
        """Only where it is asked for: an exact estimate costs more than the rest of a decision."""
        found = (self._estimate(skill) for skill in skills)
        return tuple(fact for fact in found if fact is not None)

    def _estimate(self, skill: str | None) -> QualityFact | None:
        records = self.work.values() if skill is None else [self.work[skill]] if skill in self.work else []
        known = estimate_of_all(records)
        if known is None:
            return None
        return QualityFact(skill, known.value, known.low, known.high, known.tasks)


def find_known(session: Session, people: Collection[UUID]) -> dict[UUID, KnownPerson]:
    """What the session's organisation knows of each of these people; who is no member is not among the answers.

    Certificates of the public catalogue are known of whoever lets the organisation see them. One statement.
    """
    is_one = len(people) == 1
    given = {"organisation": organisation_of(session), "people": next(iter(people)) if is_one else list(people)}
    rows = session.execute(statement_for(session.get_bind().dialect.name, is_one=is_one), given).all()
    known = {row.person_id: KnownPerson(AccountStanding(row.account.value)) for row in rows if row.kind == "member"}
    for row in rows:
        person = known.get(row.person_id)
        if person is not None:
            _READ[row.kind](person, row)
    for person in known.values():
        person.certificates.sort(key=lambda one: (one.issued_at, one.id))
        person.sanctions.sort(key=lambda one: (one.since, one.id))
    return known


def _all_skills_last(skill: str | None) -> tuple[bool, str]:
    return skill is None, skill or ""


def _read_certificate(person: KnownPerson, row: Any) -> None:
    person.certificates.append(
        CertificateFact(
            id=row.certificate,
            organisation=Source.PUBLIC if row.organisation_id == PUBLIC_ORGANISATION_ID else Source.OWN,
            slug=row.said,
            issued_at=row.since,
            valid_until=row.until,
            state=row.state,
            score=row.score,
            skills={entry["skill"]: Fraction(entry["score"]) for entry in row.skills},
            is_under_review=row.id is not None,
        )
    )


def _read_sanction(person: KnownPerson, row: Any) -> None:
    person.sanctions.append(SanctionFact(row.id, row.tier_id, row.since, row.said))


def _read_standing(person: KnownPerson, row: Any) -> None:
    person.standings[row.tier_id] = Outcome(row.said)


def _read_quality(person: KnownPerson, row: Any) -> None:
    person.work[row.said] = (row.tasks, row.points)


_READ: dict[str, Callable[[KnownPerson, Any], None]] = {
    "member": lambda _person, _row: None,
    "certificate": _read_certificate,
    "sanction": _read_sanction,
    "standing": _read_standing,
    "quality": _read_quality,
}
