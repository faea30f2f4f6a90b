"""Work after the commit: results released on their date, and regrades carried out, batch by batch."""

import time
from uuid import UUID

from assessments.operations.regrade_runs import LATE, Upcoming, look_again, run_batch
from assessments.operations.regrading import ask_for_run
from assessments.operations.releasing import release_attempt
from lms import clock
from lms.db.session import Database
from lms.outbox.delivery import Handler
from lms.outbox.operations import Delivery, post

LATE_TOPIC = "regrade.late"
AT_MOST = 30.0  # seconds that one delivery takes; well below the lease of a message


def release_handler(database: Database, base_url: str) -> Handler:
    """The handler that releases one result; twice is harmless."""

    def handle(delivery: Delivery) -> None:
        attempt_id = UUID(delivery.payload["attempt_id"])
        with database.transaction(delivery.organisation_id) as session:
            release_attempt(session, attempt_id=attempt_id, base_url=base_url, at=clock.now())

    return handle


def regrade_handler(database: Database, base_url: str) -> Handler:
    """The handler that goes on with a regrade for a while and asks for more, so that none is killed half-way for long.

    A regrade that is being committed may be unknown to a grading that runs at the same time, so once it is through,
    attempts graded about then are looked at again later.
    """

    def handle(delivery: Delivery) -> None:
        regrade_id, until = UUID(delivery.payload["regrade_id"]), time.monotonic() + AT_MOST
        is_through, upcoming = False, Upcoming()
        while not is_through and time.monotonic() < until:
            with database.transaction(delivery.organisation_id) as session:
                is_through = run_batch(
                    session, regrade_id=regrade_id, base_url=base_url, at=clock.now(), upcoming=upcoming
                )
        now = clock.now()
        with database.transaction(delivery.organisation_id) as session:
            if is_through:
                post(session, topic=LATE_TOPIC, payload={"regrade_id": str(regrade_id)}, at=now, due_at=now + LATE)
            else:
                ask_for_run(session, regrade_id, at=now)

    return handle


def late_handler(database: Database, base_url: str) -> Handler:
    """The handler that looks once more at what was being graded while a regrade was committed."""

    def handle(delivery: Delivery) -> None:
        regrade_id = UUID(delivery.payload["regrade_id"])
        with database.transaction(delivery.organisation_id) as session:
            look_again(session, regrade_id=regrade_id, base_url=base_url, at=clock.now())

    return handle
