"""The person's own organisations: found one, go from one to another, decide what each may see, leave."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.accounts.forms import typed
from lms.accounts.sign_ins import Workspace, revoke_sign_in
from lms.accounts.web.blueprint import enter
from lms.errors import Invalid, NotFound
from lms.members import consents
from lms.members.forms import FoundingForm
from lms.members.memberships import leave
from lms.members.models import Consent, ConsentScope
from lms.members.organisations import TakenSlug, found_organisation
from lms.members.queries import consent_history, members_roles
from lms.members.web.blueprint import ANYBODY, members
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.limits import limiter
from lms.web.transactions import database

OPTIONAL = (ConsentScope.RESULTS, ConsentScope.CERTIFICATES, ConsentScope.QUALITY)


@members.get("/organisations/new")
@ANYBODY
def new_organisation() -> ResponseReturnValue:
    return render_template("lms/members/new_organisation.html", form=FoundingForm())


@members.post("/organisations/new")
@ANYBODY
@limiter.limit("20 per hour")
def found() -> ResponseReturnValue:
    """Make an organisation, and go there."""
    form, organisation_id, founder = FoundingForm(), uuid4(), current_user.id
    if not form.validate():
        return render_template("lms/members/new_organisation.html", form=form), 422
    try:
        with database().transaction(organisation_id) as session:
            found_organisation(
                session,
                name=typed(form.name.data),
                slug=typed(form.slug.data),
                founder_id=founder,
                actor=founder,
                at=clock.now(),
            )
    except TakenSlug as refusal:
        form.slug.errors = [str(refusal)]
        return render_template("lms/members/new_organisation.html", form=form), 422
    _move(organisation_id)
    flash(_("Your organisation is there, and you manage it."), "success")
    return redirect(url_for("members.profile"), 303)


@members.post("/organisations/switch")
@ANYBODY
def switch() -> ResponseReturnValue:
    """Go on in another organisation of one's own, with a new sign-in."""
    workspace = _workspace(_id_of(request.form.get("organisation", "")))
    _move(workspace.id)
    flash(_("You are in %(name)s now.", name=workspace.name), "success")
    return redirect("/me/", 303)


@members.get("/account/organisations")
@ANYBODY
def my_organisations() -> ResponseReturnValue:
    """Each organisation, what the person is there, and what it may see."""
    with database().reading() as session:  # they belong to the person, so they are read across organisations
        rows = consent_history(session, person_id=current_user.id)
        roles = members_roles(session, person_id=current_user.id)
    return render_template(
        "lms/members/my_organisations.html",
        organisations=[
            {
                "id": each.id,
                "name": each.name,
                "is_present": each.id == current_user.organisation_id,
                "is_public": each.id == PUBLIC_ORGANISATION_ID,
                "roles": sorted(roles.get(each.id, ())),
                "given": _given(rows, each.id),
                "history": [row for row in rows if row.organisation_id == each.id],
            }
            for each in current_user.workspaces
        ],
        optional=OPTIONAL,
    )


@members.post("/account/organisations/<uuid:organisation_id>/consents")
@ANYBODY
def change_consents(organisation_id: UUID) -> ResponseReturnValue:
    """Let an organisation see just what is ticked."""
    workspace, person_id, now = _workspace(organisation_id), current_user.id, clock.now()
    wanted = {ConsentScope(value) for value in request.form.getlist("scope") if value in OPTIONAL}
    with database().transaction(workspace.id) as session:
        consents.give(session, person_id=person_id, scopes=wanted, at=now)
        for scope in OPTIONAL:
            if scope not in wanted:
                consents.withdraw(session, person_id=person_id, scope=scope, at=now)
    flash(_("Saved. %(name)s sees what you chose, from now on.", name=workspace.name), "success")
    return redirect(url_for(".my_organisations"), 303)


@members.get("/account/organisations/<uuid:organisation_id>/leave")
@ANYBODY
def ask_to_leave(organisation_id: UUID) -> ResponseReturnValue:
    """What leaving means, and the button."""
    return render_template("lms/members/leave.html", workspace=_workspace(organisation_id))


@members.post("/account/organisations/<uuid:organisation_id>/leave")
@ANYBODY
def leave_organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Go for good; whoever was in there goes on in another organisation of theirs."""
    workspace, person_id = _workspace(organisation_id), current_user.id
    was_there = workspace.id == current_user.organisation_id
    with database().transaction(workspace.id) as session:
        leave(session, person_id=person_id, at=clock.now())
    if was_there:
        enter(person_id)
    flash(_("You have left %(name)s. It sees nothing of yours any more.", name=workspace.name), "success")
    return redirect(url_for(".my_organisations"), 303)


def _move(organisation_id: UUID) -> None:
    """End this sign-in and begin another one, there."""
    person_id, sign_in_id, before = current_user.id, current_user.sign_in_id, current_user.organisation_id
    with database().transaction(before) as session:
        revoke_sign_in(session, sign_in_id=sign_in_id, at=clock.now())
    enter(person_id, organisation_id)


def _workspace(organisation_id: UUID) -> Workspace:
    """An organisation of the person's own. Raises NotFound for any other, whether it exists or not."""
    found: Workspace | None = next((each for each in current_user.workspaces if each.id == organisation_id), None)
    if found is None:
        raise NotFound(_("You are no member of such an organisation."))
    return found


def _id_of(typed_id: str) -> UUID:
    try:
        return UUID(typed_id)
    except ValueError:
        raise Invalid(_("Choose one of your organisations.")) from None


def _given(rows: list[Consent], organisation_id: UUID) -> set[ConsentScope]:
    return {row.scope for row in rows if row.organisation_id == organisation_id and row.withdrawn_at is None}
