"""Couriers: the one message by which an endpoint is worked off. A newer one takes over from those before it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.outbox.operations import post
from lms.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint

TOPIC = "webhook.deliver"


def send_for(session: Session, *, endpoint_id: UUID, at: datetime) -> None:
    """Have what is due for an endpoint sent, once this transaction is committed.

    Whatever makes something due does this in its own transaction, so nothing due is without a message.
    """
    courier_id = uuid4()
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(courier_id=courier_id)
        .execution_options(synchronize_session=False)
    )
    payload = {"endpoint_id": str(endpoint_id), "courier_id": str(courier_id)}
    post(session, topic=TOPIC, payload=payload, at=at)


def send_all_anew(session: Session, *, endpoint_id: UUID, at: datetime) -> None:
    """Have all that waits for an endpoint sent now, each for its full time."""
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.state == DeliveryState.WAITING)
        .values(counted_from=at, due_at=at, step=0)
        .execution_options(synchronize_session=False)
    )
    send_for(session, endpoint_id=endpoint_id, at=at)
