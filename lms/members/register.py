"""How members join the app."""

from uuid import UUID

from flask import Flask
from flask_login import current_user

from lms.accounts.personal_data import Holder, register_holder
from lms.members.endpoints import members_api
from lms.members.importing import TOPIC
from lms.members.personal_data import erase_memberships, export_memberships
from lms.members.web import accepting, audit, audit_export, imports, invitations, people, profile, workspaces
from lms.members.web.blueprint import account_panel, managing_panel, members
from lms.organisations.roles import Role
from lms.outbox.operations import Delivery
from lms.web.panels import panels_of

PAGES = (workspaces, profile, people, invitations, accepting, imports, audit, audit_export)  # imported for their routes


def register(app: Flask) -> None:
    """Add its pages, handlers and subscriptions."""
    app.register_blueprint(members)
    app.register_blueprint(members_api)
    app.jinja_env.globals["branding"] = profile.branding
    app.jinja_env.globals["may_manage"] = may_manage
    panels_of(app).offer("managing", managing_panel, rank=10)
    panels_of(app).offer("account", account_panel, rank=10)
    register_holder(app, Holder("memberships", export_memberships, erase_memberships))

    def run_import(delivery: Delivery) -> None:
        with app.app_context():
            imports.import_in_worker(delivery.organisation_id, UUID(delivery.payload["import_id"]))

    app.extensions["assay.handlers"].handle(TOPIC, run_import)


def may_manage() -> bool:
    """Whether the signed-in person may change what managers change; auditors only look."""
    return bool(current_user.is_authenticated and current_user.roles & {Role.MANAGER, Role.OPERATOR})
