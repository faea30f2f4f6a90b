"""Standings: to whom each tier is open, worked out anew after whatever can change it, and told when it changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.entitlements import Decision, Outcome, decide
from certificates.events import TierStandingChanged
from certificates.models.entitlements import TierStanding
from certificates.models.tiers import Tier
from certificates.queries.entitlement_facts import KnownPerson, Question, ask, find_known
from certificates.queries.tiers import PUBLIC_PREFIX, list_all_tiers
from lms.accounts.models import Membership
from lms.db.scope import READS_PUBLIC, organisation_of
from lms.events import announce
from lms.outbox.operations import post

FOLLOW_TOPIC = "standing.follow"  # of the messages that look at one person
_ASKED = "assay.standings_asked"
_CLOSED = Decision(Outcome.DENY, (), None)


def ask_to_follow(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Have the worker look at a person anew, here and wherever else they are a member: once for a transaction."""
    asked: set[UUID] = session.info.setdefault(_ASKED, set())
    if person_id not in asked:
        asked.add(person_id)
        post(session, topic=FOLLOW_TOPIC, payload={"person_id": str(person_id)}, at=at)


def follow(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Work out every tier for a person anew, and announce TierStandingChanged for each that is another than before."""
    follow_people(session, people=[person_id], tier_id=None, at=at)


def follow_people(session: Session, *, people: Sequence[UUID], tier_id: UUID | None, at: datetime) -> None:
    """Do so for several people, and with `tier_id` for this tier alone."""
    _hold(session, people)
    tiers = [tier for tier in list_all_tiers(session) if tier_id in (None, tier.id)]
    told = _read_told(session, people, tier_id)
    known = find_known(session, people)
    questions = {tier.id: ask(tier, action="follow", at=at) for tier in tiers}
    gone = _names_of(session, {of for _, of in told} - {tier.id for tier in tiers})
    for person_id in people:
        for tier in tiers:
            decision = _decide(known.get(person_id), questions[tier.id])
            _keep(session, person_id, tier.id, tier.name, told.get((person_id, tier.id)), decision, at)
        for of, name in gone.items():
            row = told.get((person_id, of))
            if row is not None:
                _keep(session, person_id, of, name, row, _CLOSED, at)


def _hold(session: Session, people: Sequence[UUID]) -> None:
    """One at a time for a person: whoever comes second sees what the first one's transaction brought about."""
    held = (
        select(Membership.id)
        .where(Membership.person_id.in_(people))
        .order_by(Membership.person_id, Membership.id)  # as whoever else holds several of them
        .with_for_update(key_share=True)
    )
    session.execute(held).all()


def _read_told(session: Session, people: Sequence[UUID], tier_id: UUID | None) -> dict[tuple[UUID, UUID], TierStanding]:
    wanted = select(TierStanding).where(TierStanding.person_id.in_(people))
    if tier_id is not None:
        wanted = wanted.where(TierStanding.tier_id == tier_id)
    rows = session.scalars(wanted.execution_options(populate_existing=True))
    return {(row.person_id, row.tier_id): row for row in rows}


def _names_of(session: Session, tiers: Collection[UUID]) -> dict[UUID, str]:
    """The names of tiers that were withdrawn."""
    if not tiers:
        return {}
    own = organisation_of(session)
    rows = session.execute(
        select(Tier.id, Tier.slug, Tier.organisation_id).where(Tier.id.in_(tiers)), execution_options=READS_PUBLIC
    )
    return {of: slug if owner == own else f"{PUBLIC_PREFIX}{slug}" for of, slug, owner in rows}


def _decide(person: KnownPerson | None, asked: Question) -> Decision:
    return _CLOSED if person is None else decide(person.inputs(asked))


def _keep(
    session: Session,
    person_id: UUID,
    tier_id: UUID,
    name: str,
    row: TierStanding | None,
    decision: Decision,
    at: datetime,
) -> None:
    """Write and tell what is another than before. What time alone will turn is looked at again when it does."""
    was, expected = (Outcome.DENY, None) if row is None else (row.outcome, row.expires_at)
    if decision.outcome is was and decision.expires_at == expected:
        return
    if row is None:
        row = TierStanding(organisation_id=organisation_of(session), person_id=person_id, tier_id=tier_id)
        row.changed_at = at
        session.add(row)
    row.outcome, row.expires_at = decision.outcome, decision.expires_at
    if decision.expires_at is not None and decision.expires_at != expected:
        post(session, topic=FOLLOW_TOPIC, payload={"person_id": str(person_id)}, at=at, due_at=decision.expires_at)
    if decision.outcome is not was:
        row.changed_at = at
        session.flush()
        announce(session, TierStandingChanged(person_id, name, was, decision.outcome, at))
