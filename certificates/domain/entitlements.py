"""Entitlements: whether a tier is open to a person at an instant, derived from facts alone, and why not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from certificates.domain.entitlement_facts import CertificateFact, QualityFact, SanctionFact
from certificates.domain.judging import (
    AllMissing,
    Facts,
    Lack,
    LackKind,
    Missing,
    find_missing,
    holds,
    turning_instants,
)
from certificates.domain.requirements import Requirement

RULE_VERSION = 1  # of `decide`: another one whenever the same inputs could lead to another decision


class Outcome(StrEnum):
    """What is answered. Provisionally open is open, for a reason that ends by time or by a decision of people."""

    ALLOW = "allow"
    PROVISIONAL = "provisional"
    DENY = "deny"


class AccountStanding(StrEnum):
    """Whether somebody may act at all."""

    ACTIVE = "active"
    UNCONFIRMED = "unconfirmed"
    SUSPENDED = "suspended"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class EarlierTerms:
    """What a tier asked for before a change; who met it then keeps the tier until the grace ends."""

    number: int
    requirement: Requirement
    replaced_at: datetime
    grace_until: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tier asks for: its current version, and the earlier ones whose grace has not ended."""

    number: int
    requirement: Requirement
    earlier: tuple[EarlierTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a decision rests on. `terms` is None for a tier that is only announced."""

    at: datetime
    action: str
    tier: UUID
    account: AccountStanding
    is_member: bool
    had_it: bool  # the tier was open to the person, provisionally or not, when that was last looked at
    terms: Terms | None
    certificates: tuple[CertificateFact, ...] = ()
    quality: tuple[QualityFact, ...] = ()
    sanctions: tuple[SanctionFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reasons. `expires_at` is the first instant at which time alone makes it another answer."""

    outcome: Outcome
    missing: tuple[Missing, ...]
    expires_at: datetime | None


def decide(inputs: Inputs) -> Decision:
    """Decide whether the tier is open.

    Denied: to whoever is no member or whose account is not active, while a sanction stands, when the tier is only
    announced, and when nothing below applies. Allowed: the current version is met, without leniency. Provisional: it
    is met leniently (see `judging.judge`), or an earlier version is, by certificates issued before the change, and its
    grace has not ended. What is missing of a provisional answer is missing for an allowed one.
    """
    outcome = _outcome(inputs, inputs.at)
    turns = (instant for instant in _turning_instants(inputs) if _outcome(inputs, instant) is not outcome)
    return Decision(outcome, _missing(inputs), next(turns, None))


def _outcome(inputs: Inputs, at: datetime) -> Outcome:
    terms = inputs.terms
    if terms is None or _closed_by(inputs, at):
        return Outcome.DENY
    facts = Facts(inputs.certificates, inputs.quality, inputs.had_it)
    if holds(terms.requirement, facts, at, is_lenient=False):
        return Outcome.ALLOW
    is_open = holds(terms.requirement, facts, at, is_lenient=True) or _is_in_grace(terms, facts, at)
    return Outcome.PROVISIONAL if is_open else Outcome.DENY


def _missing(inputs: Inputs) -> tuple[Missing, ...]:
    """What is missing for a plain `allow`."""
    closed = _closed_by(inputs, inputs.at)
    if closed or inputs.terms is None:
        return closed
    facts = Facts(inputs.certificates, inputs.quality, inputs.had_it)
    missing = find_missing(inputs.terms.requirement, facts, inputs.at, is_lenient=False)
    if missing is None:
        return ()
    return missing.parts if isinstance(missing, AllMissing) else (missing,)


def _closed_by(inputs: Inputs, at: datetime) -> tuple[Missing, ...]:
    """What closes the tier whatever the person holds."""
    if not inputs.is_member:
        return (Lack(LackKind.NOT_A_MEMBER, {}),)
    if inputs.account is not AccountStanding.ACTIVE:
        return (Lack(LackKind.ACCOUNT, {"account": inputs.account.value}),)
    standing = tuple(_sanctioned(sanction) for sanction in inputs.sanctions if _closes(sanction, inputs.tier, at))
    if standing:
        return standing
    return (Lack(LackKind.NOT_OPEN, {}),) if inputs.terms is None else ()


def _closes(sanction: SanctionFact, tier: UUID, at: datetime) -> bool:
    return sanction.since <= at and sanction.tier in (None, tier)


def _sanctioned(sanction: SanctionFact) -> Lack:
    said = {"sanction": str(sanction.id), "since": sanction.since.isoformat(), "reason": sanction.reason}
    return Lack(LackKind.SANCTION, said | {"covers": "all" if sanction.tier is None else "tier"})


def _is_in_grace(terms: Terms, facts: Facts, at: datetime) -> bool:
    """Whether an earlier version was met when it was replaced, still is, and its grace lasts."""
    return any(
        at < before.grace_until and holds(before.requirement, _held_at_change(before, facts), at, is_lenient=True)
        for before in terms.earlier
    )


def _held_at_change(before: EarlierTerms, facts: Facts) -> Facts:
    held = tuple(one for one in facts.certificates if one.issued_at <= before.replaced_at)
    return replace(facts, certificates=held)


def _turning_instants(inputs: Inputs) -> Iterator[datetime]:
    """Every later instant at which the decision could turn, in order."""
    if inputs.terms is None:
        return
    facts = Facts(inputs.certificates, inputs.quality, inputs.had_it)
    found = {one.since for one in inputs.sanctions}
    found.update(turning_instants(inputs.terms.requirement, facts, after=inputs.at))
    for before in inputs.terms.earlier:
        found.add(before.grace_until)
        found.update(turning_instants(before.requirement, facts, after=inputs.at))
    yield from sorted(instant for instant in found if instant > inputs.at)
