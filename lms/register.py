"""How the ground joins the app: accounts, mail, commands."""

from pathlib import Path

import click
from flask import Flask

import lms.api.register
import lms.members.register
import lms.oidc.register
import lms.webhooks.register
from lms.accounts import personal_data
from lms.accounts.cli import person
from lms.accounts.web import account, entering
from lms.accounts.web.blueprint import accounts, login_manager
from lms.cli.catalogue import catalogue
from lms.cli.operate import migrate, serve, worker
from lms.config import Settings
from lms.db.session import Database
from lms.events import Subscriptions
from lms.logs import configure_logs
from lms.mail.mailers import FileMailer, SmtpMailer
from lms.mail.operations import TOPIC, mail_handler
from lms.members.cli import organisation
from lms.outbox.broker import make_celery, wake
from lms.outbox.delivery import Handlers
from lms.web.application import make_shell
from lms.web.health import row_security_check
from lms.web.serving import add_companion

COMMANDS: list[click.Command] = [migrate, serve, worker, person, organisation, catalogue]
PARTS = (lms.api.register, lms.members.register, lms.webhooks.register, lms.oidc.register)
PAGES = (entering, account)  # imported for the routes that they declare


def make_app(settings: Settings, packages: dict[str, Path]) -> Flask:
    """The application with the ground in place; upper packages register afterwards."""
    configure_logs()
    subscriptions = Subscriptions()
    handlers = Handlers()
    database = Database(settings.database_url, subscriptions)
    app = make_shell(settings, database, packages)
    app.extensions["assay.subscriptions"] = subscriptions
    app.extensions["assay.handlers"] = handlers
    app.extensions["assay.packages"] = list(packages.values())
    mailer = SmtpMailer(settings.smtp_url) if settings.smtp_url else FileMailer(settings.data_dir / "mail")
    handlers.handle(TOPIC, mail_handler(mailer, settings.mail_from))
    if settings.broker_url is not None:
        celery = make_celery(database, handlers, settings.broker_url)
        database.after_commit.append(lambda: wake(celery))
    login_manager.init_app(app)
    app.register_blueprint(accounts)
    personal_data.register_holder(
        app, personal_data.Holder("account", personal_data.export_account, personal_data.erase_account)
    )
    add_companion(app, row_security_check(database))
    for part in PARTS:
        part.register(app)
    return app
