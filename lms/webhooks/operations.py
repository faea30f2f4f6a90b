"""What managers can do about webhooks: make an endpoint, rotate its secret, disable, enable and delete it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotFound
from lms.webhooks.couriers import send_all_anew
from lms.webhooks.models import DeliveryState, EndpointState, WebhookDelivery, WebhookEndpoint
from lms.webhooks.secrets import SecretBox, make_secret

OVERLAP = timedelta(hours=24)
MOST_ENDPOINTS = 20


def make_endpoint(
    session: Session,
    *,
    url: str,
    description: str,
    event_types: Collection[str],
    box: SecretBox,
    actor: UUID,
    at: datetime,
) -> tuple[UUID, str]:
    """Add an endpoint; its id and its secret, which nobody is shown again. Raises Conflict when there are many."""
    if not event_types:
        raise Invalid(_("Choose at least one event."))
    alive = WebhookEndpoint.state != EndpointState.DELETED
    count = session.scalar(select(func.count()).select_from(WebhookEndpoint).where(alive)) or 0
    if count >= MOST_ENDPOINTS:
        raise Conflict(_("There are %(most)s webhooks already. Delete one first.", most=MOST_ENDPOINTS))
    endpoint_id, secret = uuid4(), make_secret()
    session.add(
        WebhookEndpoint(
            id=endpoint_id,
            organisation_id=organisation_of(session),
            url=url,
            description=description,
            event_types=sorted(event_types),
            state=EndpointState.ACTIVE,
            sealed_secret=box.seal(secret, endpoint_id=endpoint_id),
            made_by=actor,
            made_at=at,
        )
    )
    session.flush()
    record(
        session, action="webhook.made", actor=actor, subject_id=endpoint_id, at=at, url=url, types=sorted(event_types)
    )
    return endpoint_id, secret


def rotate_secret(session: Session, *, endpoint_id: UUID, box: SecretBox, actor: UUID, at: datetime) -> str:
    """A new secret, which nobody is shown again. For a day both sign, so that the receiver can change over.

    Raises NotFound, Conflict while the last rotation is still under way.
    """
    secret = make_secret()
    _get_alive(session, endpoint_id)
    rotated = session.execute(
        update(WebhookEndpoint)
        .where(
            WebhookEndpoint.id == endpoint_id,
            WebhookEndpoint.state != EndpointState.DELETED,
            WebhookEndpoint.old_secret_until.is_(None) | (WebhookEndpoint.old_secret_until <= at),
        )
        .values(
            sealed_old_secret=WebhookEndpoint.sealed_secret,
            old_secret_until=at + OVERLAP,
            sealed_secret=box.seal(secret, endpoint_id=endpoint_id),
        )
        .returning(WebhookEndpoint.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if rotated is None:
        raise Conflict(_("The last rotation is not over: two secrets are good now. Wait until the older one ends."))
    record(session, action="webhook.rotated", actor=actor, subject_id=endpoint_id, at=at)
    return secret


def disable_endpoint(session: Session, *, endpoint_id: UUID, actor: UUID, at: datetime) -> None:
    """Send nothing more until it is enabled again; what happens meanwhile waits. Raises NotFound, Conflict."""
    _move(
        session,
        endpoint_id,
        before=EndpointState.ACTIVE,
        state=EndpointState.DISABLED,
        disabled_at=at,
        disabled_reason=_("A manager disabled it."),
    )
    record(session, action="webhook.disabled", actor=actor, subject_id=endpoint_id, at=at)


def enable_endpoint(session: Session, *, endpoint_id: UUID, actor: UUID, at: datetime) -> None:
    """Send again, beginning with what waits, each for its full time. Raises NotFound, Conflict."""
    _move(
        session,
        endpoint_id,
        before=EndpointState.DISABLED,
        state=EndpointState.ACTIVE,
        disabled_at=None,
        disabled_reason=None,
        failures=0,
        failing_since=None,
        rests_until=None,
    )
    send_all_anew(session, endpoint_id=endpoint_id, at=at)
    record(session, action="webhook.enabled", actor=actor, subject_id=endpoint_id, at=at)


def delete_endpoint(session: Session, *, endpoint_id: UUID, actor: UUID, at: datetime) -> None:
    """Send nothing any more and withdraw what waits; its past stays readable. Raises NotFound."""
    _get_alive(session, endpoint_id)
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(
            state=EndpointState.DELETED,
            sealed_secret=b"",
            sealed_old_secret=None,
            old_secret_until=None,
            courier_id=None,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.WITHDRAWN, ended_at=at)
        .execution_options(synchronize_session=False)
    )
    record(session, action="webhook.deleted", actor=actor, subject_id=endpoint_id, at=at)


def _get_alive(session: Session, endpoint_id: UUID) -> EndpointState:
    state = session.scalars(
        select(WebhookEndpoint.state).where(
            WebhookEndpoint.id == endpoint_id, WebhookEndpoint.state != EndpointState.DELETED
        )
    ).one_or_none()
    if state is None:
        raise NotFound(_("There is no such webhook."))
    return state


def _move(session: Session, endpoint_id: UUID, *, before: EndpointState, **values: object) -> None:
    _get_alive(session, endpoint_id)
    moved = session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.state == before)
        .values(**values)
        .returning(WebhookEndpoint.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if moved is None:
        raise Conflict(_("Somebody changed this webhook in the meantime. Look again."))
