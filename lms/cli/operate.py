"""Commands that operate an installation: migrate, serve, worker."""

import os
import signal
import subprocess
import sys
from typing import Any

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from lms.db.schema import migrate as migrate_schema
from lms.outbox.broker import make_celery
from lms.outbox.delivery import deliver_until
from lms.web.application import settings_of
from lms.web.transactions import EXTENSION


@click.command("migrate")
@click.pass_obj
def migrate(app: Flask) -> None:
    """Bring the database to the newest schema."""
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
    helper = subprocess.Popen([sys.executable, sys.argv[0], "worker"]) if with_worker else None  # noqa: S603  # ourselves
    click.echo(f"Assay is ready at {settings_of(app).base_url}")
    try:
        Granian(
            "wsgi:create_app",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_access=False,
            respawn_failed_workers=True,
        ).serve()
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait(timeout=30)


@click.command("worker")
@click.pass_obj
def worker(app: Flask) -> None:
    """Deliver what waits in the outbox: through Celery when BROKER_URL is set, by polling otherwise."""
    for stop in (signal.SIGTERM, signal.SIGINT):  # Ctrl+C reaches the worker beside the server as well
        signal.signal(stop, lambda *_: sys.exit(0))
    database: Any = app.extensions[EXTENSION]
    handlers = app.extensions["assay.handlers"]
    broker_url = settings_of(app).broker_url
    with app.app_context():
        if broker_url is None:
            click.echo("The worker delivers by polling the outbox.")
            deliver_until(lambda: False, database, handlers)
            return
        celery = make_celery(database, handlers, broker_url)
        celery.worker_main(["worker", "--beat", "--loglevel", "WARNING", "--pool", "solo"])
