"""Delivering messages: lease, handle, mark; a failed handler is recorded and tried again."""

import time
from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from lms import clock, faults
from lms.db.session import Database
from lms.outbox import operations
from lms.outbox.operations import Delivery

log = structlog.get_logger()
Handler = Callable[[Delivery], None]


class Handlers:
    """Which handler takes which topic. One of these belongs to each application."""

    def __init__(self) -> None:
        self._by_topic: dict[str, Handler] = {}

    def handle(self, topic: str, handler: Handler) -> None:
        """Raises ValueError when the topic is taken: an effect has one owner."""
        if topic in self._by_topic:
            raise ValueError(f"topic {topic} already has a handler")
        self._by_topic[topic] = handler

    def of(self, topic: str) -> Handler:
        """Raises LookupError for a topic that nobody handles."""
        if topic not in self._by_topic:
            raise LookupError(f"no handler for topic {topic}")
        return self._by_topic[topic]


def deliver(database: Database, handlers: Handlers, message_id: UUID) -> bool:
    """Deliver one message; False when another worker has it, its handler failed, or it is to be delivered later."""
    with database.transaction() as session:
        delivery = operations.lease(session, message_id=message_id, at=clock.now())
    if delivery is None:
        return False
    faults.begin(delivery.topic)
    try:
        faults.point("outbox.leased")
        handlers.of(delivery.topic)(delivery)
        faults.point("outbox.handled")
    except operations.NotYet as wish:
        with database.transaction() as session:
            operations.postpone(session, message_id=delivery.id, due_at=wish.due_at)
        return False
    except Exception as error:  # whatever it was, the message must stay and be tried again
        log.error("delivery failed", topic=delivery.topic, message=str(delivery.id), exc_info=error)
        with database.transaction() as session:
            operations.mark_failed(session, delivery=delivery, error=repr(error), at=clock.now())
        return False
    with database.transaction() as session:
        operations.mark_delivered(session, message_id=delivery.id, at=clock.now())
    return True


def deliver_due(
    database: Database, handlers: Handlers, *, limit: int = 50, is_stopped: Callable[[], bool] = lambda: False
) -> int:
    """Deliver what is due now, or until it is stopped; the number of messages that were delivered."""
    with database.reading() as session:
        due = operations.list_due(session, limit=limit, at=clock.now())
    return sum(deliver(database, handlers, message_id) for message_id in due if not is_stopped())


def deliver_until(
    is_stopped: Callable[[], bool], database: Database, handlers: Handlers, *, pause_seconds: float = 0.5
) -> None:
    """The embedded worker: polls the table, which is the record. A database that is away is waited for."""
    while not is_stopped():
        try:
            delivered = deliver_due(database, handlers, is_stopped=is_stopped)
        except DBAPIError as error:
            log.error("the database is away; trying again", error=str(error.orig))
            delivered = 0
        if delivered == 0:
            time.sleep(pause_seconds)
