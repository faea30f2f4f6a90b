"""The page of an invitation: who invites, to what, what they would be able to see; and the button."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.accounts.web.blueprint import enter
from lms.errors import Conflict
from lms.members.accepting import accept_invitation, holds_role, is_meant
from lms.members.invitation_mail import role_in_words
from lms.members.invitations import find_by_token
from lms.members.models import ConsentScope
from lms.members.queries import organisation_inviting
from lms.members.web.blueprint import ANYBODY, members
from lms.members.web.workspaces import OPTIONAL
from lms.organisations.profiles import present_profile
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.return_path import sign_path
from lms.web.transactions import database


@members.get("/invitations/<token>")
@public
@limiter.limit("60 per minute")
def invitation(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing. Strangers are led to sign in or sign up, and back here."""
    with database().reading() as session:
        organisation_id = organisation_inviting(session, token=token)
    with database().reading(organisation_id) as session:
        found = find_by_token(session, token=token, at=clock.now())
        inviting = present_profile(session)
        is_in = current_user.is_authenticated and holds_role(
            session, person_id=current_user.id, invitation_role=found.role
        )
    return render_template(
        "lms/members/invitation.html",
        inviting=inviting,
        role=role_in_words(found.role),
        optional=OPTIONAL,
        is_meant=current_user.is_authenticated and is_meant(found, current_user.email),
        is_in=is_in,
        came_for=sign_path(request.path),
    )


@members.post("/invitations/<token>")
@ANYBODY
@limiter.limit("30 per minute")
def accept(token: str) -> ResponseReturnValue:
    """Come in with what is ticked, and go there."""
    person_id = current_user.id
    wanted = {ConsentScope(value) for value in request.form.getlist("scope") if value in OPTIONAL}
    with database().reading() as session:
        organisation_id = organisation_inviting(session, token=token)
    try:
        with database().transaction(organisation_id) as session:
            accept_invitation(session, token=token, person_id=person_id, scopes=wanted, at=clock.now())
            name = present_profile(session).name
    except Conflict as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".my_organisations"), 303)
    enter(person_id, organisation_id)
    flash(_("Welcome to %(name)s.", name=name), "success")
    return redirect("/me/", 303)
