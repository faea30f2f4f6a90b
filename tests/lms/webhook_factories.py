"""Endpoints, events and a worker for the tests of webhooks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.accounts.models import Membership
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from lms.outbox.delivery import Handlers, deliver_due
from lms.web.transactions import EXTENSION
from lms.webhooks import couriers, publishing
from lms.webhooks.event_types import event_types_of
from lms.webhooks.fan_out import fan_out_handler
from lms.webhooks.models import WebhookDelivery, WebhookEndpoint
from lms.webhooks.operations import make_endpoint
from lms.webhooks.outbound import Outbound
from lms.webhooks.publishing import publish
from lms.webhooks.secrets import SecretBox
from lms.webhooks.sending import Sender
from tests.people import make_person

BOX = SecretBox("a secret for tests only")
TYPES = ("attempt.submitted", "result.released", "certificate.issued")


@dataclass(frozen=True, slots=True)
class Made:
    """An endpoint with the secret that its maker was shown."""

    id: UUID
    secret: str


def make_organisation(session: Session) -> UUID:
    """Another organisation than the public one."""
    slug = f"vendor-{uuid4().hex[:12]}"
    organisation = Organisation(id=uuid4(), slug=slug, name=slug.title(), created_at=clock.now())
    session.add(organisation)
    session.flush()
    return organisation.id


def join(session: Session, organisation_id: UUID, person_id: UUID) -> None:
    """Make a person a member of another organisation than the session's."""
    session.add(
        Membership(person_id=person_id, organisation_id=organisation_id, role=Role.CANDIDATE, granted_at=clock.now())
    )
    session.flush()


def make_listener(session: Session, url: str, *, types: Iterable[str] = TYPES, at: datetime | None = None) -> Made:
    """An endpoint of the session's organisation, made by a manager."""
    manager = make_person(session, name="Mary Manager", roles=(Role.MANAGER,))
    endpoint_id, secret = make_endpoint(
        session, url=url, description="", event_types=list(types), box=BOX, actor=manager.id, at=at or clock.now()
    )
    return Made(endpoint_id, secret)


def tell(session: Session, subject_id: UUID, word: str, *, type: str = "attempt.submitted") -> None:
    """Publish an event about somebody; the word tells it from others."""
    publish(session, type=type, subject_id=subject_id, data={"subject": str(subject_id), "word": word}, at=clock.now())


def tell_each(database: Database, subject_id: UUID, words: Collection[str]) -> None:
    """Publish events, each in a transaction of its own."""
    for word in words:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            tell(session, subject_id, word)


def make_handlers(app: Flask, outbound: Outbound | None = None) -> Handlers:
    """The handlers of a worker that may send to this machine."""
    database = app.extensions[EXTENSION]
    sender = Sender(database, BOX, outbound or Outbound(allow_loopback=True, seconds=5), "http://127.0.0.1:8000")
    handlers = Handlers()
    handlers.handle(publishing.TOPIC, fan_out_handler(database, event_types_of(app)))
    handlers.handle(couriers.TOPIC, sender.handle)
    handlers.handle("mail", lambda _delivery: None)
    return handlers


def work_off(app: Flask, handlers: Handlers, *, rounds: int = 60) -> None:
    """Let a worker look for what is due, again and again, as long as there is something."""
    database: Database = app.extensions[EXTENSION]
    for _each in range(rounds):
        before = _seen(database)
        if not deliver_due(database, handlers) and _seen(database) == before:
            return


def _seen(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(select(WebhookDelivery.id, WebhookDelivery.tries).order_by(WebhookDelivery.id)))


def words_of(requests: Iterable[Any], subject_id: UUID) -> list[str]:
    """The words of the events about a subject, in the order in which they arrived; of several arrivals the first."""
    words: list[str] = []
    for each in requests:
        if str(subject_id) in each.body:
            word = each.body.split('"word":"')[1].split('"')[0]
            if word not in words:
                words.append(word)
    return words


def the_endpoint(database: Database, endpoint_id: UUID) -> WebhookEndpoint:
    with database.reading() as session:
        return session.get_one(WebhookEndpoint, endpoint_id)


def the_deliveries(database: Database) -> list[WebhookDelivery]:
    """Every delivery of every organisation, in the order of their subjects' events."""
    with database.reading() as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.number, WebhookDelivery.id)))
