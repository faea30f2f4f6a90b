"""Delivering again: one delivery, or all that failed since an instant; and the test that a button sends."""

from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, NotFound
from lms.webhooks.couriers import send_for
from lms.webhooks.event_types import TEST
from lms.webhooks.fan_out import Happened, make_deliveries
from lms.webhooks.models import (
    DeliveryState,
    EndpointState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSubject,
)


def deliver_again(session: Session, *, endpoint_id: UUID, delivery_id: UUID, actor: UUID, at: datetime) -> None:
    """Send a delivery once more, whatever became of it, with the same id and the same bytes.

    Raises NotFound, Conflict for a disabled endpoint, and for what was withdrawn.
    """
    _check_active(session, endpoint_id)
    state = session.scalars(
        select(WebhookDelivery.state).where(
            WebhookDelivery.id == delivery_id, WebhookDelivery.endpoint_id == endpoint_id
        )
    ).one_or_none()
    if state is None:
        raise NotFound(_("There is no such delivery."))
    send_for(session, endpoint_id=endpoint_id, at=at)
    if not _put_back(session, WebhookDelivery.id == delivery_id, at):
        raise Conflict(_("The person left, or took the consent back. Nothing about them is sent again."))
    record(session, action="webhook.redelivered", actor=actor, subject_id=endpoint_id, at=at, delivery=str(delivery_id))


def deliver_failed_again(session: Session, *, endpoint_id: UUID, since: datetime, actor: UUID, at: datetime) -> int:
    """Send everything once more that was given up or still fails, and was made since then; how much that is.

    Raises NotFound, Conflict for a disabled endpoint.
    """
    _check_active(session, endpoint_id)
    failed = (WebhookDelivery.state == DeliveryState.GIVEN_UP) | (
        (WebhookDelivery.state == DeliveryState.WAITING) & (WebhookDelivery.tries > 0)
    )
    of_endpoint = (WebhookDelivery.endpoint_id == endpoint_id) & (WebhookDelivery.made_at >= since)
    send_for(session, endpoint_id=endpoint_id, at=at)
    count = _put_back(session, of_endpoint & failed, at)
    record(
        session,
        action="webhook.redelivered",
        actor=actor,
        subject_id=endpoint_id,
        at=at,
        since=since.isoformat(),
        deliveries=count,
    )
    return count


def send_test(session: Session, *, endpoint_id: UUID, actor: UUID, at: datetime) -> UUID:
    """Send a test event to one endpoint; the id of the delivery. Raises NotFound, Conflict for a disabled endpoint."""
    _check_active(session, endpoint_id)
    counted = insert_into(session, WebhookSubject).values(subject_id=endpoint_id, events=1)
    number = session.execute(
        counted.on_conflict_do_update(
            index_elements=["subject_id"], set_={"events": WebhookSubject.events + 1}
        ).returning(WebhookSubject.events)
    ).scalar_one()
    event_id, own = uuid4(), organisation_of(session)
    data = {"subject": None, "endpoint": str(endpoint_id)}
    session.add(
        WebhookEvent(
            id=event_id,
            organisation_id=own,
            type=TEST,
            subject_id=endpoint_id,
            number=number,
            data=data,
            happened_at=at,
            fanned_out_at=at,
        )
    )
    session.flush()
    happened = Happened(event_id, own, TEST, endpoint_id, number, data, at)
    make_deliveries(session, happened, endpoints=[endpoint_id], at=at)
    record(session, action="webhook.tested", actor=actor, subject_id=endpoint_id, at=at)
    return session.scalars(select(WebhookDelivery.id).where(WebhookDelivery.event_id == event_id)).one()


def _put_back(session: Session, wanted: ColumnElement[bool], at: datetime) -> int:
    put_back = session.scalars(
        update(WebhookDelivery)
        .where(wanted, WebhookDelivery.state != DeliveryState.WITHDRAWN, WebhookDelivery.payload != "")
        .values(state=DeliveryState.WAITING, ended_at=None, counted_from=at, due_at=at, step=0)
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(put_back)


def _check_active(session: Session, endpoint_id: UUID) -> None:
    state = session.scalars(select(WebhookEndpoint.state).where(WebhookEndpoint.id == endpoint_id)).one_or_none()
    if state is None or state is EndpointState.DELETED:
        raise NotFound(_("There is no such webhook."))
    if state is not EndpointState.ACTIVE:
        raise Conflict(_("This webhook is disabled. Enable it first; what waits is then sent."))
