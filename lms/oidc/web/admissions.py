"""The page of a person on which they see which services know them, and take that back."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.oidc.admissions import list_admissions, withdraw
from lms.oidc.scopes import SENTENCES, known_scopes
from lms.oidc.web.blueprint import protocol
from lms.organisations.roles import Role
from lms.web.policy import allow
from lms.web.transactions import database

ANYBODY = allow(*Role)


@protocol.get("/account/services/")
@ANYBODY
def services() -> ResponseReturnValue:
    """The services of every organisation: it is the person's page, not the organisation's."""
    with database().reading() as session:
        found = list_admissions(session, person_id=current_user.id)
    lines = [(each, [SENTENCES[scope] for scope in known_scopes(each.scope)]) for each in found]
    return render_template("lms/oidc/services.html", lines=lines)


@protocol.post("/account/services/<uuid:admission_id>/withdraw")
@ANYBODY
def take_back(admission_id: UUID) -> ResponseReturnValue:
    with database().reading() as session:
        mine = list_admissions(session, person_id=current_user.id)
    organisation_id = next((each.organisation_id for each in mine if each.id == admission_id), None)
    with database().transaction(organisation_id or current_user.organisation_id) as session:
        withdraw(session, admission_id=admission_id, person_id=current_user.id, at=clock.now())
    flash(_("Taken back. The service learns nothing more from here, and asks anew when you sign in to it."), "success")
    return redirect(url_for(".services"), 303)
