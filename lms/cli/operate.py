"""Commands that operate an installation: migrate, serve, worker."""

import os
import signal
import sys
from contextlib import nullcontext
from threading import Event
from typing import Any

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from lms.cli.kept_process import kept_running
from lms.logs import say
from lms.outbox.broker import make_celery
from lms.outbox.delivery import deliver_until
from lms.web.application import settings_of
from lms.web.memory import settle_memory
from lms.web.transactions import EXTENSION


@click.command("migrate")
@click.pass_obj
def migrate(app: Flask) -> None:
    """Bring the database to the newest schema."""
    from lms.db.schema import migrate as migrate_schema  # noqa: PLC0415  # Alembic is 10 MB that no other process needs

    migrate_schema(app.extensions[EXTENSION].engine, app.extensions["assay.packages"])
    click.echo("The database has the newest schema.")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT") or 8000), show_default="PORT or 8000")
@click.option(
    "--workers", type=int, default=lambda: int(os.environ.get("WEB_WORKERS") or 1), show_default="WEB_WORKERS or 1"
)
@click.option("--with-worker", is_flag=True, help="Also run the background worker, and stop it at the end.")
@click.pass_obj
def serve(app: Flask, host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve the web pages with Granian."""
    beside = kept_running([sys.executable, sys.argv[0], "worker"]) if with_worker else nullcontext()
    say(f"Assay is ready at {settings_of(app).base_url}")
    settle_memory()
    with beside:
        Granian(
            "wsgi:serve_app",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_access=False,
            respawn_failed_workers=True,
        ).serve()


@click.command("worker")
@click.pass_obj
def worker(app: Flask) -> None:
    """Deliver what waits in the outbox: through Celery when BROKER_URL is set, by polling otherwise."""
    is_stopped = Event()
    for stop in (signal.SIGTERM, signal.SIGINT):  # Ctrl+C reaches the worker beside the server as well
        signal.signal(stop, lambda *_: is_stopped.set())  # what it has in its hands is finished first
    database: Any = app.extensions[EXTENSION]
    handlers = app.extensions["assay.handlers"]
    broker_url = settings_of(app).broker_url
    with app.app_context():
        if broker_url is None:
            say("The worker delivers by polling the outbox.")
            deliver_until(is_stopped.is_set, database, handlers)
            return
        celery = make_celery(database, handlers, broker_url)
        celery.worker_main(["worker", "--beat", "--loglevel", "WARNING", "--pool", "solo"])
