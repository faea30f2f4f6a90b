"""What accompanies the pages: first keys, another try at unfinished certificates, an end to old decisions."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from flask import Flask
from sqlalchemy import select

from certificates.adapters.key_ring import KeyRing
from certificates.operations.forgetting import forget_decisions
from certificates.operations.keys import make_first_keys
from certificates.operations.reconciling import reconcile
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.web.application import settings_of
from lms.web.serving import Companion
from lms.web.transactions import EXTENSION

log = structlog.get_logger()
EVERY_SECONDS = 300.0
SWEEP_SECONDS = 3600.0
AT_ONCE = 5000  # decisions that one transaction forgets
MOST_TRANSACTIONS = 20  # of a sweep: the first one runs before the first page is served, and must not hold it up


def reconciliation(app: Flask, keys: KeyRing) -> Companion:
    """Looks in every process that serves pages; several do no harm, because a credential has its number."""
    return Companion("reconciliation of certificates", EVERY_SECONDS, _reconciling(app, keys))


def forgetting(app: Flask) -> Companion:
    """Sweeps in every process that serves pages; several do no harm, and share the work."""
    return Companion("old decisions", SWEEP_SECONDS, lambda: sweep_decisions(app))


def sweep_decisions(app: Flask) -> None:
    """Forget the decisions of all organisations that are older than the installation keeps them, if it forgets any."""
    kept_days = settings_of(app).decisions_kept_days
    if not kept_days:
        return
    before = clock.now() - timedelta(days=kept_days)
    forgotten = 0
    for _transaction in range(MOST_TRANSACTIONS):
        with app.extensions[EXTENSION].transaction() as session:
            count = forget_decisions(session, before=before, most=AT_ONCE)
        forgotten += count
        if count < AT_ONCE:
            break
    if forgotten:
        log.info("old decisions about entitlements were forgotten", count=forgotten, kept_days=kept_days)


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
