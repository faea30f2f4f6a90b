"""Workers, outcomes of their work, and what was decided about it, for tests."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.outcomes import Outcome, OutcomeKind, Receipt
from certificates.models.sanctions import SuspensionProposal
from certificates.models.tiers import Tier
from certificates.operations.outcomes import receive_outcomes
from certificates.operations.quality_rules import RuleDraft, set_quality_rule
from certificates.operations.sanctions import Decider, impose_sanction
from lms import clock
from lms.api.keys import make_key
from lms.api.scopes import Scope
from lms.members.consents import ConsentScope, give
from lms.organisations.roles import Role
from tests.certificates.factories import BASE_URL, make_office, qualify
from tests.people import make_person

AT = clock.now().replace(microsecond=0)
TIER = "generalist"
FLOOR = Fraction(4, 5)


def make_workplace(session: Session, *, floor: Fraction | None = FLOOR, **rule: object) -> None:
    """A tier with a floor, and what leads to it."""
    make_office(session)
    draft = RuleDraft(floor=floor, **rule)  # type: ignore[arg-type]  # handed on as they are
    set_quality_rule(session, tier=TIER, draft=draft, by=None, at=AT)


def make_worker(session: Session, *, name: str = "Ada Lovelace") -> UUID:
    """Somebody who holds the certificate of the tier and lets the organisation see the quality of their work."""
    person_id = qualify(session, name=name)
    give(session, person_id=person_id, scopes=[ConsentScope.QUALITY], at=AT)
    return person_id


def make_manager(session: Session, *, name: str = "Grace Hopper") -> UUID:
    return make_person(session, name=name, roles=(Role.MANAGER,)).id


def make_platform_key(session: Session) -> UUID:
    """The id of a key with which a platform posts."""
    expires_at = AT + timedelta(days=30)
    key = make_key(
        session,
        name="A platform",
        scopes=(Scope.QUALITY_WRITE,),
        expires_at=expires_at,
        rate_per_minute=60,
        by=None,
        at=AT,
    )
    return key.id


def make_outcomes(person_id: UUID, scores: Iterable[float], *, begin: int = 1, **given: object) -> list[Outcome]:
    """One outcome a task, a minute apart, the last of them a minute ago."""
    listed = list(scores)
    facts: dict[str, object] = {"skill": "splitting", "tier": TIER, "kind": OutcomeKind.GOLD}
    return [
        Outcome(
            external_id=f"{person_id}-{number}",
            person_id=person_id,
            task_id=f"task-{number}",
            score=Fraction(str(score)),
            occurred_at=AT - timedelta(minutes=len(listed) - place),
            **(facts | given),  # type: ignore[arg-type]  # handed on as they are
        )
        for place, (number, score) in enumerate(enumerate(listed, start=begin))
    ]


def post_work(
    session: Session, person_id: UUID, scores: Iterable[float], *, at: datetime = AT, begin: int = 1, **given: object
) -> list[Receipt]:
    """A platform posts how tasks turned out."""
    key_id = make_platform_key(session)
    outcomes = make_outcomes(person_id, scores, begin=begin, **given)
    return receive_outcomes(session, outcomes=outcomes, key_id=key_id, base_url=BASE_URL, at=at)


def the_proposal(session: Session, person_id: UUID) -> SuspensionProposal:
    wanted = select(SuspensionProposal).where(SuspensionProposal.person_id == person_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def tier_id_of(session: Session, slug: str = TIER) -> UUID:
    return session.scalars(select(Tier.id).where(Tier.slug == slug)).one()


def suspend(session: Session, person_id: UUID, by: UUID, *, at: datetime = AT, tier: str | None = TIER) -> UUID:
    return impose_sanction(
        session,
        person_id=person_id,
        tier_id=tier_id_of(session, tier) if tier else None,
        reason="CANARY-REASON",
        by=Decider(by),
        base_url=BASE_URL,
        at=at,
    )
