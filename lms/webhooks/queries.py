"""What managers see of webhooks: the endpoints and how they fare, the deliveries of one, and every try of those."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Uuid, func, literal, select, tuple_
from sqlalchemy.orm import Session

from lms.db.base import UtcDateTime
from lms.errors import NotFound
from lms.webhooks.models import DeliveryState, EndpointState, WebhookDelivery, WebhookEndpoint, WebhookTry

PAGE = 50


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An endpoint without its secrets. `counts` are its deliveries by state."""

    id: UUID
    url: str
    description: str
    event_types: list[Any]
    state: EndpointState
    disabled_at: datetime | None
    disabled_reason: str | None
    old_secret_until: datetime | None
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    made_at: datetime
    counts: dict[DeliveryState, int]

    @property
    def waiting(self) -> int:
        return self.counts.get(DeliveryState.WAITING, 0)

    @property
    def given_up(self) -> int:
        return self.counts.get(DeliveryState.GIVEN_UP, 0)

    @property
    def delivered(self) -> int:
        return self.counts.get(DeliveryState.DELIVERED, 0)


@dataclass(frozen=True, slots=True)
class TryView:
    """A request that was sent: its status with the beginning of the answer, or the fault."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None
    answer: str
    fault: str | None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One event on its way; `last` is the newest try."""

    id: UUID
    event_id: UUID
    type: str
    state: DeliveryState
    made_at: datetime
    due_at: datetime
    tries: int
    ended_at: datetime | None
    last: TryView | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Deliveries, newest first, and where the next page begins."""

    deliveries: list[DeliveryView]
    next: UUID | None


_SHOWN = (
    WebhookDelivery.id,
    WebhookDelivery.event_id,
    WebhookDelivery.type,
    WebhookDelivery.state,
    WebhookDelivery.made_at,
    WebhookDelivery.due_at,
    WebhookDelivery.tries,
    WebhookDelivery.ended_at,
)
_TRIED = (
    WebhookTry.number,
    WebhookTry.at,
    WebhookTry.milliseconds,
    WebhookTry.status,
    WebhookTry.answer,
    WebhookTry.fault,
)


def list_endpoints(session: Session) -> list[EndpointView]:
    """The endpoints of the session's organisation that were not deleted, oldest first."""
    rows = session.scalars(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.state != EndpointState.DELETED)
        .order_by(WebhookEndpoint.made_at, WebhookEndpoint.id)
    ).all()
    counts = _counts(session, [row.id for row in rows])
    return [_view(row, counts[row.id]) for row in rows]


def find_endpoint(session: Session, endpoint_id: UUID) -> EndpointView | None:
    """None also when it was deleted."""
    row = session.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.state != EndpointState.DELETED)
    ).one_or_none()
    return _view(row, _counts(session, [row.id])[row.id]) if row else None


def get_endpoint(session: Session, endpoint_id: UUID) -> EndpointView:
    """Raises NotFound, also when it was deleted."""
    found = find_endpoint(session, endpoint_id)
    if found is None:
        raise NotFound(_("There is no such webhook."))
    return found


def _counts(session: Session, endpoint_ids: Sequence[UUID]) -> dict[UUID, dict[DeliveryState, int]]:
    counts: dict[UUID, dict[DeliveryState, int]] = defaultdict(dict)
    rows = session.execute(
        select(WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count())
        .where(WebhookDelivery.endpoint_id.in_(endpoint_ids))
        .group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
    for endpoint_id, state, count in rows:
        counts[endpoint_id][state] = count
    return counts


def _view(row: WebhookEndpoint, counts: dict[DeliveryState, int]) -> EndpointView:
    return EndpointView(
        id=row.id,
        url=row.url,
        description=row.description,
        event_types=row.event_types,
        state=row.state,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        old_secret_until=row.old_secret_until,
        failures=row.failures,
        failing_since=row.failing_since,
        rests_until=row.rests_until,
        made_at=row.made_at,
        counts=counts,
    )


def list_deliveries(
    session: Session, *, endpoint_id: UUID, state: DeliveryState | None = None, after: UUID | None = None
) -> DeliveryPage:
    """A page of an endpoint's deliveries, newest first, each with its newest try. `after` is the last one seen."""
    seen = None
    if after is not None:
        place = select(WebhookDelivery.made_at, WebhookDelivery.id)
        own = place.where(WebhookDelivery.id == after, WebhookDelivery.endpoint_id == endpoint_id)
        row = session.execute(own).one_or_none()
        seen = (row[0], row[1]) if row else None
    rows = page_deliveries(session, endpoint_id=endpoint_id, state=state, after=seen, limit=PAGE + 1)
    return DeliveryPage(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def page_deliveries(
    session: Session,
    *,
    endpoint_id: UUID,
    state: DeliveryState | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[DeliveryView]:
    """So many deliveries of an endpoint, newest first, each with its newest try; those after this instant and id."""
    wanted = select(*_SHOWN).where(WebhookDelivery.endpoint_id == endpoint_id)
    if state is not None:
        wanted = wanted.where(WebhookDelivery.state == state)
    if after is not None:
        place = tuple_(WebhookDelivery.made_at, WebhookDelivery.id)
        wanted = wanted.where(place < tuple_(literal(after[0], UtcDateTime()), literal(after[1], Uuid())))
    newest = wanted.order_by(WebhookDelivery.made_at.desc(), WebhookDelivery.id.desc()).limit(limit)
    rows = session.execute(newest).all()
    last = _last_tries(session, [(row.id, row.tries) for row in rows if row.tries])
    return [DeliveryView(*row, last=last.get(row.id)) for row in rows]


def _last_tries(session: Session, places: list[tuple[UUID, int]]) -> dict[UUID, TryView]:
    if not places:
        return {}
    rows = session.execute(
        select(WebhookTry.delivery_id, *_TRIED).where(tuple_(WebhookTry.delivery_id, WebhookTry.number).in_(places))
    )
    return {row[0]: TryView(*row[1:]) for row in rows}


def get_delivery(session: Session, *, endpoint_id: UUID, delivery_id: UUID) -> tuple[DeliveryView, str, list[TryView]]:
    """A delivery with the body that is sent and its tries, newest first. Raises NotFound."""
    row = session.execute(
        select(*_SHOWN, WebhookDelivery.payload).where(
            WebhookDelivery.id == delivery_id, WebhookDelivery.endpoint_id == endpoint_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such delivery."))
    tries = session.execute(
        select(*_TRIED).where(WebhookTry.delivery_id == delivery_id).order_by(WebhookTry.number.desc()).limit(100)
    )
    return DeliveryView(*row[:-1]), row.payload, [TryView(*each) for each in tries]
