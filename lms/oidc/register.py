"""How OpenID Connect joins the app."""

from flask import Flask, render_template

from lms import clock
from lms.accounts.personal_data import Holder, register_holder
from lms.members.events import MembershipEnded
from lms.oidc import models
from lms.oidc.admissions import follow_membership
from lms.oidc.codes import forget_expired
from lms.oidc.personal_data import erase_admissions, export_admissions
from lms.oidc.web import admissions, authorizing, clients, discovery, tokens
from lms.oidc.web.blueprint import protocol, sign_in_clients
from lms.web.panels import panels_of
from lms.web.serving import Companion, add_companion
from lms.web.transactions import EXTENSION

TABLES = (models,)  # imported for the tables that they declare
PAGES = (admissions, authorizing, clients, discovery)  # imported for the routes that they declare
# Called from elsewhere: without the cookie of a person, and so without a token against forgery.
FROM_ELSEWHERE = (tokens.token, tokens.revoke, tokens.userinfo, authorizing.authorize_form)
SWEEP_SECONDS = 3600.0


def register(app: Flask) -> None:
    """Add its pages, handlers and subscriptions."""
    app.register_blueprint(protocol)
    app.register_blueprint(sign_in_clients)
    for view in FROM_ELSEWHERE:
        app.extensions["csrf"].exempt(view)
    register_holder(app, Holder("sign_in_to_services", export_admissions, erase_admissions))
    app.extensions["assay.subscriptions"].subscribe(MembershipEnded, follow_membership)
    panels_of(app).offer("managing", lambda: render_template("lms/oidc/managing.html"), rank=80)
    panels_of(app).offer("account", lambda **_person: render_template("lms/oidc/account.html"), rank=80)

    def sweep() -> None:
        with app.extensions[EXTENSION].transaction() as session:  # of all organisations
            forget_expired(session, at=clock.now())

    add_companion(app, Companion("old codes and tokens", SWEEP_SECONDS, sweep))
