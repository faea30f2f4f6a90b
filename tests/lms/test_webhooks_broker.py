"""With a broker that is emptied and a worker that is killed: every event arrives, in order. Against a real Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import update

from lms import clock
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.broker import make_celery, wake
from lms.outbox.models import OutboxMessage
from lms.webhooks.models import WebhookEndpoint
from lms.webhooks.operations import make_endpoint
from tests.lms.test_broker import redis_url, wait_until
from tests.lms.webhook_factories import BOX, TYPES, tell_each, words_of
from tests.lms.webhook_receiver import listening
from tests.people import make_person

__all__ = ["redis_url"]  # a fixture
WORDS = [str(number) for number in range(12)]


@contextmanager
def worker(database_url: str, broker_url: str, folder: Path) -> Iterator[subprocess.Popen]:
    """`assay worker` in a group of its own, so that its children can be killed with it."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "BROKER_URL": broker_url,
        "SIGNING_SECRET": "a secret for tests only",
        "WEBHOOKS_ALLOW_LOOPBACK": "1",
    }
    process = subprocess.Popen([sys.executable, "-m", "wsgi", "worker"], env=environment, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)


def let_leases_run_out(database: Database) -> None:
    """As if the minutes had passed for which a killed worker keeps what it holds."""
    with database.transaction() as session:
        waiting = update(OutboxMessage).where(OutboxMessage.delivered_at.is_(None), OutboxMessage.tries > 0)
        session.execute(waiting.values(due_at=clock.now()))
        session.execute(update(WebhookEndpoint).values(leased_until=None))


def test_an_emptied_broker_and_a_killed_worker_lose_nothing(
    app, database, process_settings, redis_url: str, tmp_path: Path
):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = make_person(session).id
    celery = make_celery(database, app.extensions["assay.handlers"], redis_url)
    with listening() as receiver:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_endpoint(
                session,
                url=receiver.url,
                description="",
                event_types=TYPES,
                box=BOX,
                actor=person_id,
                at=clock.now(),
            )

        def heard() -> list[str]:
            return words_of(receiver.taken, person_id)

        tell_each(database, person_id, WORDS[:4])
        wake(celery)
        subprocess.run(["redis-cli", "-u", redis_url, "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)
        with worker(process_settings.database_url, redis_url, tmp_path) as process:
            wait_until(lambda: heard() == WORDS[:4])
            receiver.decide = lambda _body: time.sleep(1) or 200
            tell_each(database, person_id, WORDS[4:8])
            wake(celery)
            before = len(receiver.requests)
            wait_until(lambda: len(receiver.requests) > before)
            os.killpg(process.pid, signal.SIGKILL)
        receiver.decide = lambda _body: 200
        let_leases_run_out(database)
        subprocess.run(["redis-cli", "-u", redis_url, "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)
        tell_each(database, person_id, WORDS[8:])
        with worker(process_settings.database_url, redis_url, tmp_path):
            wait_until(lambda: heard() == WORDS)
