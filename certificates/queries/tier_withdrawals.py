"""Tiers that were withdrawn, by whom and why, and to whom they were open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from certificates.domain.entitlements import Outcome
from certificates.models.entitlements import TierStanding
from certificates.models.tiers import Tier
from lms.accounts.models import Person
from lms.audit.models import AuditEvent

WITHDRAWN = "tier.withdrawn"  # the act in the audit log; one at the very instant of `withdrawn_at` is its reason
BY_FILES = "catalogue"  # its actor when the tier left the catalogue's files


@dataclass(frozen=True, slots=True)
class WithdrawnTier:
    """A tier that is offered no more; it may be offered again."""

    id: UUID
    slug: str
    title: str
    domain: str
    withdrawn_at: datetime
    reason: str | None  # None: from before reasons were recorded
    by: str | None  # a name; None: the catalogue's files, or somebody who has left


def list_withdrawn(session: Session) -> list[WithdrawnTier]:
    """Those of the session's organisation, the last withdrawn first. Two statements."""
    return _read(session, _withdrawn().order_by(Tier.withdrawn_at.desc(), Tier.slug))


def find_withdrawn(session: Session, slug: str) -> WithdrawnTier | None:
    """Two statements."""
    return next(iter(_read(session, _withdrawn().where(Tier.slug == slug))), None)


def count_open(session: Session, tier_id: UUID) -> int:
    """To how many people a tier is open now, for good or provisionally, in the eyes of the session's organisation."""
    wanted = select(func.count()).select_from(TierStanding).where(TierStanding.tier_id == tier_id, _IS_OPEN)
    return session.scalar(wanted) or 0


def list_to_whom_open(
    session: Session, tier_id: UUID, *, at: datetime, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """The next of those to whom a tier was open at this instant: it is open to them now, or was closed since."""
    was_open = or_(_IS_OPEN, TierStanding.changed_at >= at)
    found = select(TierStanding.person_id).where(TierStanding.tier_id == tier_id, was_open)
    page = found if after is None else found.where(TierStanding.person_id > after)
    return session.scalars(page.order_by(TierStanding.person_id).limit(limit)).all()


_IS_OPEN = TierStanding.outcome != Outcome.DENY


def _withdrawn() -> Select[Tier, AuditEvent]:
    is_the_act = and_(
        AuditEvent.action == WITHDRAWN, AuditEvent.subject_id == Tier.id, AuditEvent.at == Tier.withdrawn_at
    )
    return select(Tier, AuditEvent).outerjoin(AuditEvent, is_the_act).where(Tier.withdrawn_at.is_not(None))


def _read(session: Session, wanted: Select[Tier, AuditEvent]) -> list[WithdrawnTier]:
    rows = session.execute(wanted).all()
    actors = {UUID(act.actor) for _, act in rows if act is not None and act.actor != BY_FILES}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(actors))) if actors else ()
    names = {str(person_id): name for person_id, name in found}
    return [_view(tier, act, names) for tier, act in rows]


def _view(tier: Tier, act: AuditEvent | None, names: dict[str, str]) -> WithdrawnTier:
    assert tier.withdrawn_at is not None  # of one that was asked for
    return WithdrawnTier(
        id=tier.id,
        slug=tier.slug,
        title=tier.title,
        domain=tier.domain,
        withdrawn_at=tier.withdrawn_at,
        reason=act.details["reason"] if act else None,
        by=names.get(act.actor) if act else None,
    )
