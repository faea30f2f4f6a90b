"""What webhooks hold of a person: the events about them and what was sent of those, told and erased."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.webhooks.models import DeliveryState, WebhookDelivery, WebhookEvent


def export_webhooks(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """The events about a person, as receivers are told of them."""
    events = session.execute(
        select(WebhookEvent.type, WebhookEvent.happened_at, WebhookEvent.data)
        .where(WebhookEvent.subject_id == person_id)
        .order_by(WebhookEvent.number)
    )
    return [{"type": type, "at": at.isoformat(), "data": data} for type, at, data in events]


def erase_webhooks(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Send nothing more, and keep of the past only that something was sent."""
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.subject_id == person_id, WebhookDelivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.WITHDRAWN, ended_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.subject_id == person_id)
        .values(payload="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(WebhookEvent)
        .where(WebhookEvent.subject_id == person_id)
        .values(data={})
        .execution_options(synchronize_session=False)
    )
