"""Judging a requirement: whether it holds at an instant, what is missing for it, and when time alone turns that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from certificates.domain.entitlement_facts import CertificateFact, QualityFact
from certificates.domain.requirements import (
    AllOf,
    AnyOf,
    AtLeast,
    HoldsAchievement,
    Requirement,
    WorkQuality,
    leaves_of,
)
from certificates.domain.standing import CertificateState


class LackKind(StrEnum):
    """What can be missing; those of an achievement in the order of how little is left to do, the least first."""

    UNDER_REVIEW = "under-review"
    SUSPENDED = "certificate-suspended"
    TOO_OLD = "certificate-too-old"
    EXPIRED = "certificate-expired"
    SKILL_BELOW = "skill-below"
    REVOKED = "certificate-revoked"
    NOT_HELD = "achievement-not-held"
    TOO_FEW_TASKS = "too-few-tasks"
    QUALITY_BELOW = "quality-below"
    # What no work of the person makes good, see certificates.domain.entitlements.
    SANCTION = "sanction"
    NOT_A_MEMBER = "not-a-member"
    ACCOUNT = "account-not-active"
    NOT_OPEN = "tier-not-open"


_NEARNESS = {kind: place for place, kind in enumerate(LackKind)}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing; `facts` are JSON values."""

    kind: LackKind
    facts: Mapping[str, Any]

    @property
    def cost(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class AllMissing:
    """Everything of this is missing and needed."""

    parts: "tuple[Missing, ...]"

    @property
    def cost(self) -> int:
        return sum(part.cost for part in self.parts)


@dataclass(frozen=True, slots=True)
class SomeMissing:
    """So many of these parts are needed, whichever; the cheapest come first."""

    count: int
    parts: "tuple[Missing, ...]"

    @property
    def cost(self) -> int:
        return sum(part.cost for part in self.parts[: self.count])


Missing = Lack | AllMissing | SomeMissing


@dataclass(frozen=True, slots=True)
class Facts:
    """What a requirement is judged by. Who `has_it` already does not lose a tier by an estimate alone."""

    certificates: Sequence[CertificateFact] = ()
    quality: Sequence[QualityFact] = ()
    has_it: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a requirement holds, what is missing, and the first instant at which time alone turns that."""

    holds: bool
    missing: Missing | None
    expires_at: datetime | None


def judge(requirement: Requirement, facts: Facts, at: datetime, *, is_lenient: bool = False) -> Judgement:
    """Judge a requirement at an instant.

    Leniently, a certificate under review counts, and so does a work quality that is not known well enough yet where the
    requirement allows it, or that fell while the person had the tier: what an open tier can rest on provisionally.
    """
    missing = find_missing(requirement, facts, at, is_lenient=is_lenient)
    turns = (
        instant
        for instant in turning_instants(requirement, facts, after=at)
        if holds(requirement, facts, instant, is_lenient=is_lenient) != (missing is None)
    )
    return Judgement(missing is None, missing, next(turns, None))


def holds(requirement: Requirement, facts: Facts, at: datetime, *, is_lenient: bool) -> bool:
    """Whether a requirement holds: as `find_missing` would say, without putting together what is missing."""
    match requirement:  # leaves first: there are more of them, and thousands of people are judged at once
        case HoldsAchievement():
            return any(_lack_kind(requirement, one, at, is_lenient) is None for one in _named(requirement, facts))
        case WorkQuality():
            return _quality_lack_kind(requirement, facts, is_lenient) is None
        case AllOf(parts):
            return all(holds(part, facts, at, is_lenient=is_lenient) for part in parts)
        case AnyOf(parts):
            return any(holds(part, facts, at, is_lenient=is_lenient) for part in parts)
        case AtLeast(count, parts):
            return sum(holds(part, facts, at, is_lenient=is_lenient) for part in parts) >= count


def turning_instants(requirement: Requirement, facts: Facts, *, after: datetime) -> list[datetime]:
    """Every later instant at which a certificate that the requirement names begins or ceases to count, in order."""
    found: set[datetime] = set()
    for leaf in leaves_of(requirement):
        if isinstance(leaf, HoldsAchievement):
            for certificate in _named(leaf, facts):
                too_old_from = _too_old_from(leaf, certificate) or certificate.valid_until
                found.update((certificate.issued_at, certificate.valid_until, too_old_from))
    return sorted(instant for instant in found if instant > after)


def find_missing(requirement: Requirement, facts: Facts, at: datetime, *, is_lenient: bool) -> Missing | None:
    """What is missing for a requirement to hold; None when it holds."""
    match requirement:
        case AllOf(parts):
            return _needed(_unmet(parts, facts, at, is_lenient), len(parts))
        case AnyOf(parts):
            return _needed(_unmet(parts, facts, at, is_lenient), 1 - _met(parts, facts, at, is_lenient))
        case AtLeast(count, parts):
            return _needed(_unmet(parts, facts, at, is_lenient), count - _met(parts, facts, at, is_lenient))
        case HoldsAchievement():
            return _lack_of_achievement(requirement, facts, at, is_lenient)
        case WorkQuality():
            return _lack_of_quality(requirement, facts, is_lenient)


def _unmet(parts: Sequence[Requirement], facts: Facts, at: datetime, is_lenient: bool) -> list[Missing]:
    found = (find_missing(part, facts, at, is_lenient=is_lenient) for part in parts)
    return [missing for missing in found if missing is not None]


def _met(parts: Sequence[Requirement], facts: Facts, at: datetime, is_lenient: bool) -> int:
    return len(parts) - len(_unmet(parts, facts, at, is_lenient))


def _needed(unmet: list[Missing], count: int) -> Missing | None:
    """So many of what is unmet, as simple as can be said."""
    if count <= 0 or not unmet:
        return None
    if len(unmet) == 1:
        return unmet[0]
    if count < len(unmet):
        return SomeMissing(count, tuple(sorted(unmet, key=lambda missing: missing.cost)))
    flat = [part for missing in unmet for part in (missing.parts if isinstance(missing, AllMissing) else (missing,))]
    return AllMissing(tuple(flat))


def _named(leaf: HoldsAchievement, facts: Facts) -> list[CertificateFact]:
    return [one for one in facts.certificates if one.slug == leaf.slug and one.organisation is leaf.organisation]


def _too_old_from(leaf: HoldsAchievement, certificate: CertificateFact) -> datetime | None:
    days = leaf.not_older_than_days
    return None if days is None else certificate.issued_at + timedelta(days=days)


def _lack_of_achievement(leaf: HoldsAchievement, facts: Facts, at: datetime, is_lenient: bool) -> Lack | None:
    """None when one of the certificates is good; else what is missing of that which is nearest to being so."""
    nearest, of = LackKind.NOT_HELD, None
    for certificate in _named(leaf, facts):
        kind = _lack_kind(leaf, certificate, at, is_lenient)
        if kind is None:
            return None
        if _NEARNESS[kind] < _NEARNESS[nearest]:
            nearest, of = kind, certificate
    about = {"organisation": str(leaf.organisation), "achievement": leaf.slug}
    return Lack(nearest, about if of is None else about | _told(nearest, leaf, of))


def _lack_kind(leaf: HoldsAchievement, certificate: CertificateFact, at: datetime, is_lenient: bool) -> LackKind | None:
    """Why a certificate does not count; None when it does."""
    state = certificate.state
    if at < certificate.issued_at or state in (CertificateState.SUPERSEDED, CertificateState.ERASED):
        return LackKind.NOT_HELD
    if state is CertificateState.REVOKED:
        return LackKind.REVOKED
    if at >= certificate.valid_until:
        return LackKind.EXPIRED
    if state is CertificateState.SUSPENDED:
        return LackKind.SUSPENDED
    too_old_from = _too_old_from(leaf, certificate)
    if too_old_from is not None and at >= too_old_from:
        return LackKind.TOO_OLD
    for skill, least in leaf.minimum.items():
        if _is_below(certificate, skill, least):
            return LackKind.SKILL_BELOW
    return LackKind.UNDER_REVIEW if certificate.is_under_review and not is_lenient else None


def _is_below(certificate: CertificateFact, skill: str, least: Fraction) -> bool:
    score = certificate.skills.get(skill)
    if score is None:
        return True
    # As `score < least`, which costs four times as much, and that is most of judging a thousand people.
    return score.numerator * least.denominator < least.numerator * score.denominator


def _told(kind: LackKind, leaf: HoldsAchievement, certificate: CertificateFact) -> dict[str, Any]:
    """What is said about a certificate that does not count."""
    told: dict[str, Any] = {"certificate": certificate.id}
    if kind is LackKind.EXPIRED:
        told["valid_until"] = certificate.valid_until.isoformat()
    if kind is LackKind.TOO_OLD:
        told |= {"issued_at": certificate.issued_at.isoformat(), "not_older_than_days": leaf.not_older_than_days}
    if kind is LackKind.SKILL_BELOW:
        scores = certificate.skills
        told["skills"] = {
            skill: {"minimum": str(least), "score": str(scores[skill]) if skill in scores else None}
            for skill, least in sorted(leaf.minimum.items())
            if _is_below(certificate, skill, least)
        }
    return told


def _lack_of_quality(leaf: WorkQuality, facts: Facts, is_lenient: bool) -> Lack | None:
    kind = _quality_lack_kind(leaf, facts, is_lenient)
    if kind is None:
        return None
    known = _known_quality(leaf, facts)
    about: dict[str, Any] = {"skill": leaf.skill, "at_least": str(leaf.at_least), "tasks": known.tasks if known else 0}
    if kind is LackKind.QUALITY_BELOW and known is not None:
        return Lack(kind, about | {"estimate": str(known.estimate)})
    return Lack(kind, about | {"needed": leaf.tasks})


def _quality_lack_kind(leaf: WorkQuality, facts: Facts, is_lenient: bool) -> LackKind | None:
    known = _known_quality(leaf, facts)
    if known is None or known.tasks < leaf.tasks:
        return None if is_lenient and leaf.provisional else LackKind.TOO_FEW_TASKS
    if known.estimate >= leaf.at_least or (is_lenient and facts.has_it):
        return None
    return LackKind.QUALITY_BELOW


def _known_quality(leaf: WorkQuality, facts: Facts) -> QualityFact | None:
    return next((fact for fact in facts.quality if fact.skill == leaf.skill), None)
