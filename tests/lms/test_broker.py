"""With a broker, Celery delivers; without it for a while, nothing is lost. Against a real Redis."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from lms import clock
from lms.mail.operations import send_mail
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.broker import make_celery, wake
from lms.outbox.models import OutboxMessage
from tests.ports import free_port


@pytest.fixture
def redis_url(tmp_path) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _answers(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(is_true, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_mail_is_delivered_by_a_celery_worker(app, database, process_settings, redis_url, tmp_path):
    environment = {
        "PATH": "/usr/bin:/bin",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": process_settings.database_url,
        "BROKER_URL": redis_url,
    }
    worker = subprocess.Popen([sys.executable, "-m", "wsgi", "worker"], env=environment)
    try:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            send_mail(session, to_name="Ada", to="ada@example.org", subject="Hello", body="There", at=clock.now())
        wake(make_celery(database, app.extensions["assay.handlers"], redis_url))

        wait_until(lambda: list((tmp_path / "mail").glob("*.eml")))
        wait_until(lambda: is_delivered(database))
        assert "Hello" in next((tmp_path / "mail").glob("*.eml")).read_text()
    finally:
        worker.terminate()
        worker.wait(timeout=30)


def is_delivered(database) -> bool:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage)).one().delivered_at is not None


def test_a_broker_that_is_away_stops_nobody(app, database):
    wake(make_celery(database, app.extensions["assay.handlers"], f"redis://127.0.0.1:{free_port()}/0"))
