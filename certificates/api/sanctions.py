"""Suspending and reinstating people through the API, each with a reason that the person reads."""

from typing import Annotated
from uuid import UUID

from flask import current_app
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from certificates.api.blueprint import certificates_api
from certificates.api.entitlement_shapes import TierName
from certificates.domain.life_cycle import LONGEST_REASON
from certificates.operations.sanctions import (
    AlreadySuspended,
    Decider,
    NotSuspended,
    get_active_sanction,
    impose_sanction,
    lift_sanction,
)
from certificates.queries.quality_rules import worked_tiers
from lms import clock
from lms.accounts.people import get_member
from lms.api.callers import caller
from lms.api.endpoints import endpoint
from lms.api.problems import UnknownSubject, UnknownTier
from lms.api.scopes import Scope
from lms.api.shapes import Instant, Shape
from lms.errors import NotFound
from lms.web.application import settings_of
from lms.web.transactions import transaction

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REASON)]


class SuspensionAsked(Shape):
    """From what, and why."""

    tier: TierName | None = Field(default=None, description="Null is every tier, in your organisation's eyes.")
    reason: Reason = Field(description="The person reads it.", examples=["Answers were copied from another worker."])


class SuspensionChanged(Shape):
    """What holds from now on."""

    sanction_id: UUID
    subject: UUID
    tier: str | None
    is_suspended: bool
    at: Instant


@endpoint(
    certificates_api,
    "POST",
    "/persons/<uuid:subject>/suspend",
    scope=Scope.PERSONS_SUSPEND,
    summary="Suspend a person from a tier or from all of them",
    body=SuspensionAsked,
    answer=SuspensionChanged,
    refusals=(UnknownSubject, UnknownTier, AlreadySuspended),
    idempotent=True,
    parameters={"subject": "The person's id."},
    tag="Work quality",
)
def suspend_person(*, subject: UUID, body: SuspensionAsked) -> SuspensionChanged:
    """Closes the tier at once, or with `tier` null every tier, in the eyes of your organisation alone. The person is
    told the reason by mail and may appeal within 30 days; a manager decides on that. Certificates stay as they are.
    """
    at = clock.now()
    with transaction() as session:
        sanction_id = impose_sanction(
            session,
            person_id=_member(session, subject),
            tier_id=_tier(session, body.tier),
            reason=body.reason,
            by=Decider(key_id=caller().key_id),
            base_url=settings_of(current_app).base_url,
            at=at,
        )
    return SuspensionChanged(sanction_id=sanction_id, subject=subject, tier=body.tier, is_suspended=True, at=at)


@endpoint(
    certificates_api,
    "POST",
    "/persons/<uuid:subject>/reinstate",
    scope=Scope.PERSONS_SUSPEND,
    summary="Lift a suspension",
    body=SuspensionAsked,
    answer=SuspensionChanged,
    refusals=(UnknownSubject, UnknownTier, NotSuspended),
    idempotent=True,
    parameters={"subject": "The person's id."},
    tag="Work quality",
)
def reinstate_person(*, subject: UUID, body: SuspensionAsked) -> SuspensionChanged:
    """Lifts the suspension from exactly this tier, or with `tier` null the one from all tiers; an appeal that waits is
    settled by it. The person is told the reason by mail.
    """
    at = clock.now()
    with transaction() as session:
        sanction_id = get_active_sanction(
            session, person_id=_member(session, subject), tier_id=_tier(session, body.tier)
        )
        lift_sanction(
            session,
            sanction_id=sanction_id,
            reason=body.reason,
            by=Decider(key_id=caller().key_id),
            base_url=settings_of(current_app).base_url,
            at=at,
        )
    return SuspensionChanged(sanction_id=sanction_id, subject=subject, tier=body.tier, is_suspended=False, at=at)


def _member(session: Session, subject: UUID) -> UUID:
    try:
        return get_member(session, person_id=subject).id
    except NotFound:
        raise UnknownSubject from None


def _tier(session: Session, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    found = worked_tiers(session, [slug])
    if slug not in found:
        raise UnknownTier
    return found[slug].id
