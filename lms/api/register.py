"""How the API joins the app: the look-up of keys, its own endpoints, its pages, and what forgets old answers."""

from typing import Any

from flask import Flask, current_app, render_template
from flask_babel import lazy_gettext as _
from flask_login import current_user

from lms.api import idempotency, me
from lms.api.blueprint import lms_api
from lms.api.callers import admit
from lms.api.web import documentation, keys
from lms.api.web.blueprint import lms_keys
from lms.web.navigation import Place, add_place
from lms.web.panels import panels_of
from lms.web.policy import KEY_GUARD, policy_of
from lms.web.serving import Companion, add_companion
from lms.web.transactions import EXTENSION

ROUTES = (me, documentation, keys)  # imported for the routes that they declare
SWEEP_SECONDS = 3600.0


def register(app: Flask) -> None:
    """Add its endpoints, its pages and what runs beside them."""
    app.extensions[KEY_GUARD] = admit
    app.register_blueprint(lms_api)
    app.register_blueprint(lms_keys)
    panels_of(app).offer("managing", _on_managing, rank=70)
    add_place(app, "footer", Place("lms_api.docs", _("API"), rank=40))
    add_companion(app, Companion("idempotency", SWEEP_SECONDS, lambda: idempotency.sweep(app.extensions[EXTENSION])))


def _on_managing(**_facts: Any) -> str:
    """On the managers' first page: the way to the keys, for those who may go it."""
    policy = policy_of(current_app, "lms_keys.keys")
    may_go = policy is not None and bool(policy.roles & current_user.roles)
    return render_template("lms/api/managing.html") if may_go else ""
