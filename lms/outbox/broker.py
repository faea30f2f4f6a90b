"""Celery, when a broker is configured: it spreads deliveries over machines; the table stays the record."""

import os
import tempfile
from pathlib import Path
from uuid import UUID

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

from lms import clock
from lms.db.session import Database
from lms.outbox import operations
from lms.outbox.delivery import Handlers, deliver

log = structlog.get_logger()
SWEEP = "assay.sweep"
DELIVER = "assay.deliver"
SWEEP_SECONDS = 5.0


def make_celery(database: Database, handlers: Handlers, broker_url: str) -> Celery:
    """A Celery application with two tasks: deliver one message, and hand out all that are due.

    The sweep runs every few seconds, so a message whose task was lost with a worker or a broker is found again.
    """
    celery = Celery("assay", broker=broker_url)
    celery.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        worker_hijack_root_logger=False,
        beat_schedule_filename=str(Path(tempfile.gettempdir()) / f"assay-beat-{os.getpid()}"),
        broker_connection_retry_on_startup=True,
        beat_schedule={"sweep": {"task": SWEEP, "schedule": SWEEP_SECONDS}},
    )

    @celery.task(name=DELIVER)  # type: ignore[untyped-decorator]  # Celery publishes no types
    def deliver_message(message_id: str) -> bool:
        return deliver(database, handlers, UUID(message_id))

    @celery.task(name=SWEEP)  # type: ignore[untyped-decorator]  # likewise
    def sweep() -> int:
        with database.reading() as session:
            due = operations.list_due(session, limit=500, at=clock.now())
        for message_id in due:
            deliver_message.delay(str(message_id))
        return len(due)

    return celery


def wake(celery: Celery) -> None:
    """Ask for a sweep now; with the broker away nothing is lost, the next sweep finds the message."""
    try:
        celery.send_task(SWEEP, retry=False)
    except OperationalError as error:
        log.warning("broker is away; the sweeper will deliver", error=str(error))
