"""Withdrawing a tier, so that it is open to nobody, and offering it again: each with a reason that people read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.models.tiers import Tier
from certificates.operations.tier_notices import News, Notice, ask_to_tell
from certificates.operations.tier_versions import look_at_everybody
from certificates.queries.tier_withdrawals import BY_FILES, WITHDRAWN, count_open
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.errors import Conflict, Invalid, NotFound

REINSTATED = "tier.reinstated"
SHORTEST_REASON, LONGEST_REASON = 20, 1000


def withdraw_tier(session: Session, *, tier_id: UUID, reason: str, actor_id: UUID | None, at: datetime) -> int:
    """Close a tier to everybody from now on; to how many it was open. `actor_id` is None for the catalogue's files.

    The worker closes their standings and tells them. Raises Invalid for a reason that is too short or too long,
    Conflict when the tier is withdrawn already, NotFound.
    """
    said = _checked(reason)
    open_to = count_open(session, tier_id)
    slug = session.scalar(
        update(Tier).where(Tier.id == tier_id, Tier.withdrawn_at.is_(None)).values(withdrawn_at=at).returning(Tier.slug)
    )
    if slug is None:
        raise _refusal(session, tier_id, "Somebody else has withdrawn this tier in the meantime.")
    actor = actor_id or BY_FILES
    record(session, action=WITHDRAWN, actor=actor, subject_id=tier_id, at=at, tier=slug, reason=said, open_to=open_to)
    look_at_everybody(session, tier_id=tier_id, at=at)
    ask_to_tell(session, notice=Notice(tier_id, News.WITHDRAWN, since=at, reason=said), at=at)
    return open_to


def reinstate_tier(session: Session, *, tier_id: UUID, reason: str, actor_id: UUID | None, at: datetime) -> None:
    """Offer a withdrawn tier again, asking for what it asked for; it opens to whoever meets that now.

    Whoever does so looks after the tier from then on: files that do not name it leave it alone. Raises as
    `withdraw_tier` does, Conflict when the tier is not withdrawn.
    """
    said = _checked(reason)
    held = {} if actor_id is None else {"made_by": actor_id}
    slug = session.scalar(
        update(Tier)
        .where(Tier.id == tier_id, Tier.withdrawn_at.is_not(None))
        .values(withdrawn_at=None, **held)
        .returning(Tier.slug)
    )
    if slug is None:
        raise _refusal(session, tier_id, "This tier is offered again already.")
    actor = actor_id or BY_FILES
    record(session, action=REINSTATED, actor=actor, subject_id=tier_id, at=at, tier=slug, reason=said)
    look_at_everybody(session, tier_id=tier_id, at=at)
    ask_to_tell(session, notice=Notice(tier_id, News.REINSTATED, since=at, reason=said), at=at)


def was_withdrawn_by_people(session: Session, tier: Tier) -> bool:
    """Whether somebody withdrew it, so that files which name the tier do not bring it back."""
    act = select(AuditEvent.id).where(
        AuditEvent.action == WITHDRAWN,
        AuditEvent.subject_id == tier.id,
        AuditEvent.at == tier.withdrawn_at,
        AuditEvent.actor != BY_FILES,
    )
    return session.scalars(act).first() is not None


def _checked(reason: str) -> str:
    said = reason.strip()
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise Invalid(
            f"Say why in {SHORTEST_REASON} to {LONGEST_REASON} characters; the people whom it concerns read this."
        )
    return said


def _refusal(session: Session, tier_id: UUID, message: str) -> Conflict | NotFound:
    is_there = session.scalar(select(Tier.id).where(Tier.id == tier_id)) is not None
    return Conflict(message) if is_there else NotFound("There is no such tier.")
