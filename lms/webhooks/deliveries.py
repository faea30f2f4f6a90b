"""Deliveries to one endpoint: the next one is taken by lease, tried outside, and what came of it written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from lms.audit.operations import record
from lms.db.base import UtcDateTime
from lms.db.scope import organisation_of
from lms.webhooks.models import DeliveryState, EndpointState, WebhookDelivery, WebhookEndpoint, WebhookTry
from lms.webhooks.notices import tell_managers
from lms.webhooks.outbound import Outcome
from lms.webhooks.schedule import Again, is_hopeless, next_try, rest_after

LEASE = timedelta(seconds=60)  # several times as long as a request may take
GONE = "The receiver answered 410 Gone: it wants nothing any more."


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery in the hands of a courier, with what is needed to send it."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    payload: str
    url: str
    sealed_secret: bytes
    sealed_old_secret: bytes | None  # signs too, for as long as it lasts


def take_next(session: Session, *, endpoint_id: UUID, courier_id: UUID, at: datetime) -> Taken | None:
    """Take the next delivery that is due, for the length of the lease.

    None when nothing is due, when another courier has the endpoint or took over, or when it rests or is disabled.
    """
    endpoint = session.execute(
        update(WebhookEndpoint)
        .where(
            WebhookEndpoint.id == endpoint_id,
            WebhookEndpoint.courier_id == courier_id,
            WebhookEndpoint.state == EndpointState.ACTIVE,
            or_(WebhookEndpoint.leased_until.is_(None), WebhookEndpoint.leased_until <= at),
            or_(WebhookEndpoint.rests_until.is_(None), WebhookEndpoint.rests_until <= at),
        )
        .values(leased_until=at + LEASE)
        .returning(
            WebhookEndpoint.url,
            WebhookEndpoint.sealed_secret,
            WebhookEndpoint.sealed_old_secret,
            WebhookEndpoint.old_secret_until,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if endpoint is None:
        return None
    url, sealed, sealed_old, old_until = endpoint
    found = session.execute(_unblocked(endpoint_id).where(WebhookDelivery.due_at <= at).limit(1)).one_or_none()
    if found is None:
        free(session, endpoint_id=endpoint_id)
        return None
    is_old_good = old_until is not None and at < old_until
    return Taken(found.id, endpoint_id, found.event_id, found.payload, url, sealed, sealed_old if is_old_good else None)


def _unblocked(endpoint_id: UUID) -> Select[UUID, UUID, str]:
    """What waits and is not behind an earlier event of its subject, oldest first."""
    earlier = aliased(WebhookDelivery)
    is_behind = (
        select(earlier.id)
        .where(
            earlier.endpoint_id == WebhookDelivery.endpoint_id,
            earlier.subject_id == WebhookDelivery.subject_id,
            earlier.number < WebhookDelivery.number,
            earlier.state == DeliveryState.WAITING,
        )
        .exists()
    )
    return (
        select(WebhookDelivery.id, WebhookDelivery.event_id, WebhookDelivery.payload)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == DeliveryState.WAITING,
            ~is_behind,
        )
        .order_by(WebhookDelivery.due_at, WebhookDelivery.number, WebhookDelivery.id)
    )


def free(session: Session, *, endpoint_id: UUID) -> None:
    """Give the endpoint back."""
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(leased_until=None)
        .execution_options(synchronize_session=False)
    )


def look_again_at(session: Session, *, endpoint_id: UUID, courier_id: UUID, at: datetime) -> datetime | None:
    """When this courier has something to do again; None when another took over, or nothing waits."""
    endpoint = session.execute(
        select(WebhookEndpoint.rests_until, WebhookEndpoint.leased_until).where(
            WebhookEndpoint.id == endpoint_id,
            WebhookEndpoint.courier_id == courier_id,
            WebhookEndpoint.state == EndpointState.ACTIVE,
        )
    ).one_or_none()
    if endpoint is None:
        return None
    waiting = _unblocked(endpoint_id).order_by(None).with_only_columns(WebhookDelivery.due_at).subquery()
    due_at: datetime | None = session.scalar(select(func.min(waiting.c.due_at)))
    if due_at is None:
        return None
    rests_until, leased_until = endpoint
    return max(at, due_at, rests_until or at, leased_until or at)


def note_outcome(
    session: Session, *, taken: Taken, outcome: Outcome, chance: float, base_url: str, at: datetime
) -> None:
    """Write down a try and what follows from it, for the endpoint and for the delivery."""
    if not _still_leads_there(session, taken):
        free(session, endpoint_id=taken.endpoint_id)
    elif outcome.is_success:
        _praise(session, taken.endpoint_id)
    else:
        _blame(session, taken.endpoint_id, outcome, base_url, at)
    tries, step, counted_from = session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == taken.id)
        .values(tries=WebhookDelivery.tries + 1)
        .returning(WebhookDelivery.tries, WebhookDelivery.step, WebhookDelivery.counted_from)
        .execution_options(synchronize_session=False)
    ).one()
    session.add(
        WebhookTry(
            organisation_id=organisation_of(session),
            delivery_id=taken.id,
            number=tries,
            at=at,
            milliseconds=outcome.milliseconds,
            status=outcome.status,
            answer=outcome.answer,
            fault=outcome.fault,
        )
    )
    again = next_try(step=step, counted_from=counted_from, at=at, chance=chance)
    if outcome.is_success:
        _end(session, taken.id, DeliveryState.DELIVERED, at)
    elif again is None:
        _end(session, taken.id, DeliveryState.GIVEN_UP, at)
    else:
        _wait(session, taken.id, again)


def _still_leads_there(session: Session, taken: Taken) -> bool:
    """Whether the endpoint has the address that was tried: how an old one fares says nothing about a new one."""
    url = select(WebhookEndpoint.url).where(WebhookEndpoint.id == taken.endpoint_id).with_for_update()
    return session.scalars(url).one() == taken.url


def _wait(session: Session, delivery_id: UUID, again: Again) -> None:
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.state == DeliveryState.WAITING)
        .values(due_at=again.due_at, step=again.step)
        .execution_options(synchronize_session=False)
    )


def _end(session: Session, delivery_id: UUID, state: DeliveryState, at: datetime) -> None:
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.state == DeliveryState.WAITING)
        .values(state=state, ended_at=at)
        .execution_options(synchronize_session=False)
    )


def _praise(session: Session, endpoint_id: UUID) -> None:
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(failures=0, failing_since=None, rests_until=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )


def _blame(session: Session, endpoint_id: UUID, outcome: Outcome, base_url: str, at: datetime) -> None:
    failures, since = session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(
            failures=WebhookEndpoint.failures + 1,
            failing_since=func.coalesce(WebhookEndpoint.failing_since, literal(at, UtcDateTime())),
            leased_until=None,
        )
        .returning(WebhookEndpoint.failures, WebhookEndpoint.failing_since)
        .execution_options(synchronize_session=False)
    ).one()
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(rests_until=at + rest_after(failures))
        .execution_options(synchronize_session=False)
    )
    if outcome.is_farewell:
        disable_by_itself(session, endpoint_id=endpoint_id, reason=GONE, base_url=base_url, at=at)
    elif since is not None and is_hopeless(failures=failures, failing_since=since, at=at):
        days = (at - since).days
        reason = f"It failed {failures} times in a row, for {days} days."
        disable_by_itself(session, endpoint_id=endpoint_id, reason=reason, base_url=base_url, at=at)


def disable_by_itself(session: Session, *, endpoint_id: UUID, reason: str, base_url: str, at: datetime) -> None:
    """Send nothing more to an endpoint, and tell the managers; what happens meanwhile waits."""
    url = session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.state == EndpointState.ACTIVE)
        .values(state=EndpointState.DISABLED, disabled_at=at, disabled_reason=reason)
        .returning(WebhookEndpoint.url)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if url is not None:
        record(session, action="webhook.disabled", actor="webhooks", subject_id=endpoint_id, at=at, reason=reason)
        tell_managers(session, endpoint_id=endpoint_id, url=url, reason=reason, base_url=base_url, at=at)
