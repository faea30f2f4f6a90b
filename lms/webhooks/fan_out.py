"""Fanning out: each event of a subject, in its order, becomes deliveries for every organisation that may hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms import clock, faults
from lms.accounts.models import Membership
from lms.db.scope import organisation_of
from lms.db.session import Database
from lms.db.upsert import insert_into
from lms.members.consents import has_consent
from lms.members.models import Consent
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import Handler
from lms.outbox.operations import Delivery
from lms.webhooks.couriers import send_for
from lms.webhooks.event_types import EventType, EventTypes, payload_of
from lms.webhooks.models import DeliveryState, EndpointState, WebhookDelivery, WebhookEndpoint, WebhookEvent

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it was written where it happened."""

    id: UUID
    organisation_id: UUID
    type: str
    subject_id: UUID
    number: int
    data: dict[str, Any]
    happened_at: datetime


def fan_out_handler(database: Database, types: EventTypes) -> Handler:
    """Make the deliveries of a subject's events, one event after the other: of two workers each makes what is missing.

    An event is not begun before all deliveries of the one before it are committed.
    """

    def handle(delivery: Delivery) -> None:
        subject_id = UUID(delivery.payload["subject_id"])
        while events := _list_events(database, subject_id):
            for happened in events:
                _fan_out(database, happened, types.of(happened.type))

    return handle


def _list_events(database: Database, subject_id: UUID) -> Sequence[Happened]:
    with database.reading() as session:  # of every organisation: the order is that of the subject
        rows = session.execute(
            select(
                WebhookEvent.id,
                WebhookEvent.organisation_id,
                WebhookEvent.type,
                WebhookEvent.subject_id,
                WebhookEvent.number,
                WebhookEvent.data,
                WebhookEvent.happened_at,
            )
            .where(WebhookEvent.subject_id == subject_id, WebhookEvent.fanned_out_at.is_(None))
            .order_by(WebhookEvent.number)
            .limit(MOST_AT_ONCE)
        )
        return [Happened(*row) for row in rows]


def _fan_out(database: Database, happened: Happened, kind: EventType) -> None:
    for organisation_id in _audience(database, happened, kind):
        with database.transaction(organisation_id) as session:
            if _may_hear(session, happened, kind):
                make_deliveries(session, happened, endpoints=_listening(session, happened.type), at=clock.now())
        faults.point("webhook.told")
    with database.transaction(happened.organisation_id) as session:
        session.execute(update(WebhookEvent).where(WebhookEvent.id == happened.id).values(fanned_out_at=clock.now()))
    faults.point("webhook.fanned_out")


def _audience(database: Database, happened: Happened, kind: EventType) -> list[UUID]:
    """The organisations that may hear of it; each decides in its own session whether it does."""
    if happened.organisation_id != PUBLIC_ORGANISATION_ID or kind.needs is None:
        return [happened.organisation_id]
    agreed = select(Consent.organisation_id).where(
        Consent.person_id == happened.subject_id, Consent.scope == kind.needs, Consent.withdrawn_at.is_(None)
    )
    with database.reading() as session:
        listening = session.scalars(
            select(WebhookEndpoint.organisation_id)
            .where(WebhookEndpoint.state != EndpointState.DELETED, WebhookEndpoint.organisation_id.in_(agreed))
            .distinct()
        )
        return [happened.organisation_id, *sorted(set(listening) - {happened.organisation_id})]


def _may_hear(session: Session, happened: Happened, kind: EventType) -> bool:
    """Whether this organisation hears of it: its member it must be, and what happened elsewhere needs consent."""
    if happened.organisation_id != organisation_of(session):
        return kind.needs is not None and has_consent(session, person_id=happened.subject_id, scope=kind.needs)
    return not kind.is_about_member or is_member(session, person_id=happened.subject_id)


def is_member(session: Session, *, person_id: UUID) -> bool:
    """Whether a person holds a role in the session's organisation."""
    return session.scalars(select(Membership.id).where(Membership.person_id == person_id)).first() is not None


def _listening(session: Session, type: str) -> list[UUID]:
    rows = session.execute(
        select(WebhookEndpoint.id, WebhookEndpoint.event_types)
        .where(WebhookEndpoint.state != EndpointState.DELETED)
        .order_by(WebhookEndpoint.id)
    )
    return [endpoint_id for endpoint_id, wanted in rows if type in wanted]


def make_deliveries(session: Session, happened: Happened, *, endpoints: Sequence[UUID], at: datetime) -> None:
    """Have an event delivered to these endpoints of the session's organisation; a second time changes nothing."""
    if not endpoints:
        return
    payload = payload_of(type=happened.type, happened_at=happened.happened_at, data=happened.data)
    shared = {
        "organisation_id": organisation_of(session),
        "event_id": happened.id,
        "type": happened.type,
        "subject_id": happened.subject_id,
        "number": happened.number,
        "payload": payload,
        "state": DeliveryState.WAITING,
        "made_at": at,
        "counted_from": at,
        "due_at": at,
        "step": 0,
        "tries": 0,
    }
    made = session.scalars(
        insert_into(session, WebhookDelivery)
        .values([{"id": uuid4(), "endpoint_id": each, **shared} for each in endpoints])
        .on_conflict_do_nothing(index_elements=["endpoint_id", "event_id"])
        .returning(WebhookDelivery.endpoint_id)
    ).all()
    for endpoint_id in sorted(made):
        send_for(session, endpoint_id=endpoint_id, at=at)
