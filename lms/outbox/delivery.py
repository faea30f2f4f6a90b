"""Delivering messages: lease, handle, mark; a failed handler is recorded and tried again."""

import time
from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from lms import clock
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
    """Deliver one message; False when another worker has it or its handler failed."""
    with database.transaction() as session:
        delivery = operations.lease(session, message_id=message_id, at=clock.now())
    if delivery is None:
        return False
    try:
        handlers.of(delivery.topic)(delivery)
    except Exception as error:  # whatever it was, the message must stay and be tried again
        log.error("delivery failed", topic=delivery.topic, message=str(delivery.id), exc_info=error)
        with database.transaction() as session:
            operations.mark_failed(session, delivery=delivery, error=repr(error), at=clock.now())
        return False
    with database.transaction() as session:
        operations.mark_delivered(session, message_id=delivery.id, at=clock.now())
    return True


def deliver_due(database: Database, handlers: Handlers, *, limit: int = 50) -> int:
    """Deliver what is due now; the number of messages that were delivered."""
    with database.reading() as session:
        due = operations.list_due(session, limit=limit, at=clock.now())
    return sum(deliver(database, handlers, message_id) for message_id in due)


def deliver_until(
    is_stopped: Callable[[], bool], database: Database, handlers: Handlers, *, pause_seconds: float = 0.5
) -> None:
    """The embedded worker: polls the table, which is the record. A database that is away is waited for."""
    while not is_stopped():
        try:
            delivered = deliver_due(database, handlers)
        except OperationalError as error:
            log.error("the database is away; trying again", error=str(error.orig))
            delivered = 0
        if delivered == 0:
            time.sleep(pause_seconds)
