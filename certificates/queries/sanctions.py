"""Sanctions: those in force, proposals and appeals that wait for somebody, and all that was decided about a person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from certificates.domain.entitlement_facts import SanctionFact
from certificates.models.sanctions import (
    AppealState,
    Sanction,
    SanctionAppeal,
    SuspensionProposal,
    SuspensionState,
)
from certificates.models.tiers import Tier
from lms.accounts.models import Person, PersonState
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.errors import NotFound

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal with the names of its person, its tier and whoever decided on it."""

    proposal: SuspensionProposal
    person: Person
    tier: Tier
    decider: str | None


@dataclass(frozen=True, slots=True)
class SanctionLine:
    """A sanction with its tier, its appeal, and the names of those who decided."""

    sanction: Sanction
    person: Person
    tier: Tier | None
    appeal: SanctionAppeal | None
    imposer: str | None
    lifter: str | None

    @property
    def is_active(self) -> bool:
        return self.sanction.lifted_at is None


def active_sanctions(session: Session, person_id: UUID) -> list[SanctionFact]:
    """What closes tiers to a person today."""
    rows = session.execute(
        select(Sanction.id, Sanction.tier_id, Sanction.imposed_at, Sanction.reason)
        .where(Sanction.person_id == person_id, Sanction.lifted_at.is_(None))
        .order_by(Sanction.imposed_at, Sanction.id)
    )
    return [SanctionFact(*row) for row in rows]


def list_proposals(session: Session, *, person_id: UUID | None = None) -> list[ProposalLine]:
    """The open ones first, then what was decided, the newest first; of everybody, or of one person."""
    is_open = case((SuspensionProposal.state == SuspensionState.OPEN, 0), else_=1)
    wanted = _proposals().order_by(is_open, SuspensionProposal.proposed_at.desc(), SuspensionProposal.id)
    if person_id is not None:
        wanted = wanted.where(SuspensionProposal.person_id == person_id)
    rows: Any = session.execute(wanted.limit(MOST_LISTED))
    return [ProposalLine(*row) for row in rows]


def get_proposal(session: Session, proposal_id: UUID) -> ProposalLine:
    """Raises NotFound."""
    row: Any = session.execute(_proposals().where(SuspensionProposal.id == proposal_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such proposal.")
    return ProposalLine(*row)


def find_proposal(session: Session, proposal_id: UUID | None) -> ProposalLine | None:
    """The proposal that a suspension rests on; None for one that was imposed by hand."""
    return get_proposal(session, proposal_id) if proposal_id is not None else None


def list_sanctions(session: Session, *, person_id: UUID) -> list[SanctionLine]:
    """Everything that was imposed on a person, the newest first."""
    rows: Any = session.execute(
        _sanctions(session).where(Sanction.person_id == person_id).order_by(Sanction.imposed_at.desc(), Sanction.id)
    )
    return [SanctionLine(*row) for row in rows]


def list_waiting_appeals(session: Session) -> list[SanctionLine]:
    """Appeals that wait for somebody, the oldest first."""
    rows: Any = session.execute(
        _sanctions(session)
        .where(SanctionAppeal.state == AppealState.OPEN)
        .order_by(SanctionAppeal.made_at, SanctionAppeal.id)
        .limit(MOST_LISTED)
    )
    return [SanctionLine(*row) for row in rows]


def list_in_force(session: Session) -> list[SanctionLine]:
    """Sanctions in force, the newest first."""
    rows: Any = session.execute(
        _sanctions(session)
        .where(Sanction.lifted_at.is_(None))
        .order_by(Sanction.imposed_at.desc(), Sanction.id)
        .limit(MOST_LISTED)
    )
    return [SanctionLine(*row) for row in rows]


def get_sanction(session: Session, sanction_id: UUID) -> SanctionLine:
    """Raises NotFound."""
    row: Any = session.execute(_sanctions(session).where(Sanction.id == sanction_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such suspension.")
    return SanctionLine(*row)


def get_own_sanction(session: Session, *, sanction_id: UUID, person_id: UUID) -> SanctionLine:
    """Raises NotFound also for somebody else's."""
    found = get_sanction(session, sanction_id)
    if found.sanction.person_id != person_id:
        raise NotFound("There is no such suspension.")
    return found


def count_waiting(session: Session) -> int:
    """How many proposals and appeals wait for a decision."""
    proposals = select(func.count(SuspensionProposal.id)).where(SuspensionProposal.state == SuspensionState.OPEN)
    appeals = select(func.count(SanctionAppeal.id)).where(SanctionAppeal.state == AppealState.OPEN)
    return session.scalars(proposals).one() + session.scalars(appeals).one()


def _proposals() -> Any:
    decider = aliased(Person)
    return (
        select(SuspensionProposal, Person, Tier, decider.name)
        .join(Person, Person.id == SuspensionProposal.person_id)
        .join(Tier, Tier.id == SuspensionProposal.tier_id)
        .outerjoin(decider, decider.id == SuspensionProposal.decided_by)
        .where(Person.state != PersonState.ERASED)
    )


def _sanctions(session: Session) -> Any:
    """Also those from a tier of the public catalogue, which is not the organisation's own."""
    imposer, lifter = aliased(Person), aliased(Person)
    return (
        select(Sanction, Person, Tier, SanctionAppeal, imposer.name, lifter.name)
        .join(Person, Person.id == Sanction.person_id)
        .outerjoin(Tier, Tier.id == Sanction.tier_id)
        .outerjoin(SanctionAppeal, SanctionAppeal.sanction_id == Sanction.id)
        .outerjoin(imposer, imposer.id == Sanction.imposed_by)
        .outerjoin(lifter, lifter.id == Sanction.lifted_by)
        .where(Person.state != PersonState.ERASED, Sanction.organisation_id == organisation_of(session))
        .execution_options(**READS_PUBLIC)
    )
