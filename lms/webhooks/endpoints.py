"""Webhooks in the API: which there are, and what became of the deliveries of one."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from flask import Blueprint
from pydantic import Field

from lms.api.blueprint import PREFIX
from lms.api.endpoints import endpoint
from lms.api.pages import Page, PageQuery, page_of, read_cursor
from lms.api.scopes import Scope
from lms.api.shapes import Instant, Shape
from lms.errors import NotFound
from lms.web.transactions import reading
from lms.webhooks.models import DeliveryState
from lms.webhooks.queries import DeliveryView, EndpointView, find_endpoint, list_endpoints, page_deliveries

webhooks_api = Blueprint("webhooks_api", __name__, url_prefix=PREFIX)
TAG = "Webhooks"


class WebhookShown(Shape):
    """Where the organisation is told of events. Secrets are shown nowhere."""

    id: UUID
    url: str
    description: str
    event_types: list[str] = Field(examples=[["certificate.issued", "tier.opened"]])
    state: Literal["active", "disabled"]
    disabled_reason: str | None
    failing_since: Instant | None = Field(description="Since when every try has failed; null while they succeed.")
    waiting: int = Field(ge=0, description="Deliveries that are still to be made.")
    given_up: int = Field(ge=0)


class WebhookList(Shape):
    """All of them: an organisation has twenty at most."""

    items: list[WebhookShown]


class LastTry(Shape):
    """The newest request that was sent for a delivery."""

    at: Instant
    status: int | None = Field(description="Of the answer; null when there was none.")
    fault: str | None = Field(description="Why there was no answer.")
    milliseconds: int


class DeliveryShown(Shape):
    """One event on its way to one webhook."""

    id: UUID
    event_id: UUID = Field(description="What the receiver gets as `webhook-id`.")
    type: str = Field(examples=["tier.opened"])
    state: Literal["waiting", "delivered", "given-up", "withdrawn"]
    made_at: Instant
    due_at: Instant | None = Field(description="When it is tried next; null once it is over.")
    tries: int = Field(ge=0)
    last_try: LastTry | None


class DeliveriesQuery(PageQuery):
    """Which deliveries."""

    webhook: UUID = Field(description="Of this webhook.")
    state: Literal["waiting", "delivered", "given-up", "withdrawn"] | None = Field(
        default=None, description="Only those in this state."
    )


class UnknownWebhook(NotFound):
    """There is no such webhook in this organisation."""

    code = "unknown-webhook"


@endpoint(
    webhooks_api,
    "GET",
    "/webhooks",
    scope=Scope.WEBHOOKS_READ,
    summary="List webhooks",
    answer=WebhookList,
    tag=TAG,
)
def list_webhooks() -> WebhookList:
    """The webhooks of the organisation, oldest first, and how they fare. They are made and changed in the browser."""
    with reading() as session:
        return WebhookList(items=[_webhook(each) for each in list_endpoints(session)])


@endpoint(
    webhooks_api,
    "GET",
    "/webhooks/deliveries",
    scope=Scope.WEBHOOKS_READ,
    summary="List deliveries of a webhook",
    query=DeliveriesQuery,
    answer=Page[DeliveryShown],
    refusals=(UnknownWebhook,),
    tag=TAG,
)
def list_webhook_deliveries(*, query: DeliveriesQuery) -> Page[DeliveryShown]:
    """What was sent to a webhook, the newest first, with the newest try of each.

    After an outage of the receiver this tells what it missed; `event_id` is what it would have got.
    """
    after = read_cursor(query.after, datetime.fromisoformat, UUID)
    with reading() as session:
        if find_endpoint(session, query.webhook) is None:
            raise UnknownWebhook("There is no such webhook in this organisation.")
        rows = page_deliveries(
            session,
            endpoint_id=query.webhook,
            state=DeliveryState(query.state) if query.state else None,
            after=(after[0], after[1]) if after else None,
            limit=query.limit + 1,
        )
    return Page[DeliveryShown](
        **page_of(rows, limit=query.limit, shape=_delivery, place=lambda row: [row.made_at.isoformat(), row.id])
    )


def _webhook(view: EndpointView) -> WebhookShown:
    return WebhookShown(
        id=view.id,
        url=view.url,
        description=view.description,
        event_types=view.event_types,
        state="disabled" if view.disabled_reason else "active",
        disabled_reason=view.disabled_reason,
        failing_since=view.failing_since,
        waiting=view.waiting,
        given_up=view.given_up,
    )


def _delivery(view: DeliveryView) -> DeliveryShown:
    last = view.last
    return DeliveryShown(
        id=view.id,
        event_id=view.event_id,
        type=view.type,
        state=view.state.value,
        made_at=view.made_at,
        due_at=view.due_at if view.state is DeliveryState.WAITING else None,
        tries=view.tries,
        last_try=last and LastTry(at=last.at, status=last.status, fault=last.fault, milliseconds=last.milliseconds),
    )
