"""The application, put together from its settings."""

from flask import Flask

from task_platform import signing_in, webhooks, work
from task_platform.assay import Assay
from task_platform.deciding import Deciding
from task_platform.records import Records
from task_platform.settings import Settings

MOST_BYTES = 100_000


def make_app(settings: Settings) -> Flask:
    app = Flask("task_platform", root_path=__file__.rpartition("/")[0])
    app.config.update(
        SECRET_KEY=settings.session_secret,
        SESSION_COOKIE_NAME="claims_and_pay",  # cookies are shared among the ports of a host
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.url.startswith("https://"),
        MAX_CONTENT_LENGTH=MOST_BYTES,
    )
    records, assay = Records(settings.database), Assay(settings.assay_url, settings.api_key)
    app.extensions["platform.settings"] = settings
    app.extensions["platform.records"] = records
    app.extensions["platform.assay"] = assay
    app.extensions["platform.deciding"] = Deciding(settings, assay, records)
    signing_in.register_sign_in(app, settings)
    app.register_blueprint(work.pages)
    app.register_blueprint(webhooks.incoming)
    return app
