"""The application shell: configuration, extensions, and the order in which a request passes through them."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from lms import faults
from lms.config import Settings
from lms.db.session import Database
from lms.web import health
from lms.web.assets import register_assets
from lms.web.errors import register_errors
from lms.web.fault_points import register_faults
from lms.web.headers import add_headers
from lms.web.limits import register_limits
from lms.web.navigation import register_navigation
from lms.web.panels import register_panels
from lms.web.plain_input import refuse_nul
from lms.web.policy import enforce_policy
from lms.web.serving import register_companions
from lms.web.sources import believe_proxies
from lms.web.texts import register_texts
from lms.web.transactions import EXTENSION
from lms.web.uploads import allow_upload

MAX_REQUEST_BYTES = 1_000_000


def make_shell(settings: Settings, database: Database, packages: dict[str, Path]) -> Flask:
    """A Flask application with everything that every package relies on, and no page but the errors."""
    app = Flask("lms", static_folder=None, template_folder=str(packages["lms"] / "web" / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        SESSION_COOKIE_NAME="__Host-assay" if settings.is_https else "assay",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SESSION_REFRESH_EACH_REQUEST=False,  # the sign-in ends after its days in any case
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as the sign-in: nobody loses a typed answer
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    app.extensions["assay.settings"] = settings
    app.extensions[EXTENSION] = database
    if faults.are_armed():
        register_faults(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    register_texts(app)
    believe_proxies(app, settings.trusted_proxies)
    register_limits(app, settings.limiter_url, is_enabled=settings.is_throttled)
    register_panels(app)
    register_companions(app)
    register_navigation(app)
    app.before_request(enforce_policy)
    app.before_request(allow_upload)
    app.before_request(refuse_nul)
    CSRFProtect(app)
    Compress(app)
    register_assets(app, packages)
    register_errors(app)
    app.after_request(add_headers)
    app.register_blueprint(health.blueprint)
    return app


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.extensions["assay.settings"]
    return settings
