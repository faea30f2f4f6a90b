"""The heartbeat of the service: it says that pages are served, and gives time back after a silence."""

import structlog
from flask import Flask

from assessments.models.outages import OutageState
from assessments.operations.outages import beat
from lms import clock
from lms.web.serving import Companion
from lms.web.transactions import EXTENSION

log = structlog.get_logger()
EVERY_SECONDS = 10.0


def heartbeat(app: Flask) -> Companion:
    """Beats for every process that serves pages; one of them is enough, and several do no harm."""

    def run() -> None:
        with app.extensions[EXTENSION].transaction() as session:
            outage = beat(session, at=clock.now())
        if outage is not None:
            log.warning(
                "the service was away",
                began_at=outage.began_at.isoformat(),
                ended_at=outage.ended_at.isoformat(),
                time_is_given_back=outage.state is OutageState.CREDITED,
            )

    return Companion("heartbeat", EVERY_SECONDS, run)
