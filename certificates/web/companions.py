"""What accompanies the pages: keys where there are none yet, and another try at certificates that were not finished."""

from collections.abc import Callable

import structlog
from flask import Flask
from sqlalchemy import select

from certificates.adapters.key_ring import KeyRing
from certificates.operations.keys import make_first_keys
from certificates.operations.reconciling import reconcile
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.web.serving import Companion
from lms.web.transactions import EXTENSION

log = structlog.get_logger()
EVERY_SECONDS = 300.0


def reconciliation(app: Flask, keys: KeyRing) -> Companion:
    """Looks in every process that serves pages; several do no harm, because a credential has its number."""
    return Companion("reconciliation of certificates", EVERY_SECONDS, _reconciling(app, keys))


def _reconciling(app: Flask, keys: KeyRing) -> Callable[[], None]:
    def run() -> None:
        database = app.extensions[EXTENSION]
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_first_keys(session, keys=keys, at=clock.now())
            organisations = session.scalars(select(Organisation.id)).all()
        for organisation_id in organisations:
            with database.transaction(organisation_id) as session:
                unfinished = reconcile(session, at=clock.now())
            if unfinished:
                log.warning("certificates were not finished; they are asked for again", count=unfinished)

    return run
