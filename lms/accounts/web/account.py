"""The page of one's own account: name, password, signed-in devices, export, deletion."""

from flask import Response, current_app, flash, json, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from lms import clock
from lms.accounts import people, personal_data
from lms.accounts.forms import DeleteForm, NameForm, PasswordForm, typed
from lms.accounts.sign_ins import list_sign_ins, revoke_sign_ins
from lms.accounts.web.blueprint import accounts, enter
from lms.db.scope import enter_organisation
from lms.errors import Invalid
from lms.organisations.roles import Role
from lms.web.limits import limiter
from lms.web.policy import allow
from lms.web.transactions import database, transaction

ANYBODY = allow(*Role)


@accounts.get("/account/")
@ANYBODY
def account() -> ResponseReturnValue:
    return _page()


def _page(
    *,
    name_form: NameForm | None = None,
    password_form: PasswordForm | None = None,
    delete_form: DeleteForm | None = None,
) -> ResponseReturnValue:
    """The page with the form that was sent, if one was, and its faults marked."""
    with database().reading() as read:  # in every organisation: it is the person's, not the organisation's
        sign_ins = list_sign_ins(read, person_id=current_user.id, at=clock.now())
    sessions = [
        {
            "id": s.id,
            "started_at": s.started_at,
            "user_agent": s.user_agent,
            "is_current": s.id == current_user.sign_in_id,
        }
        for s in sign_ins
    ]
    page = render_template(
        "lms/accounts/account.html",
        name_form=name_form or NameForm(name=current_user.name, formdata=None),
        password_form=password_form or PasswordForm(formdata=None),
        delete_form=delete_form or DeleteForm(formdata=None),
        sessions=sessions,
    )
    return page, 422 if name_form or password_form or delete_form else 200


@accounts.post("/account/name")
@ANYBODY
def rename() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate():
        return _page(name_form=form)
    with transaction() as write:
        people.rename(write, person_id=current_user.id, name=typed(form.name.data), at=clock.now())
    flash(_("Your name is changed. Certificates issued before keep the name they were issued to."), "success")
    return redirect(url_for("accounts.account"), 303)


@accounts.post("/account/password")
@ANYBODY
@limiter.limit("10 per minute")
def change_password() -> ResponseReturnValue:
    """Changes the password and ends every sign-in; this browser gets a new one."""
    form = PasswordForm()
    if not form.validate():
        return _page(password_form=form)
    person_id, organisation_id = current_user.id, current_user.organisation_id
    try:
        with database().transaction() as write:
            people.check_password(write, person_id=person_id, password=typed(form.current_password.data))
            revoke_sign_ins(write, person_id=person_id, at=clock.now())  # in every organisation
            enter_organisation(write, organisation_id)
            people.set_password(write, person_id=person_id, password=typed(form.new_password.data), at=clock.now())
    except Invalid as refusal:
        form.current_password.errors = [str(refusal)]
        return _page(password_form=form)
    enter(person_id, organisation_id)
    flash(_("Your password is changed, and every other device is signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@accounts.post("/account/sign-out-elsewhere")
@ANYBODY
def sign_out_elsewhere() -> ResponseReturnValue:
    with database().transaction() as write:
        revoke_sign_ins(write, person_id=current_user.id, at=clock.now(), except_id=current_user.sign_in_id)
    flash(_("Every other device is signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@accounts.get("/account/export")
@ANYBODY
@limiter.limit("10 per minute")
def export() -> ResponseReturnValue:
    """Everything we hold of the person, as a JSON file."""
    with database().reading() as read:
        data = personal_data.export_everywhere(current_app, read, person_id=current_user.id)
    response = Response(json.dumps(data, indent=2, ensure_ascii=False), mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=assay-export.json"
    return response


@accounts.post("/account/delete")
@ANYBODY
@limiter.limit("10 per minute")
def delete() -> ResponseReturnValue:
    form = DeleteForm()
    if not form.validate():
        return _page(delete_form=form)
    try:
        with database().transaction() as write:
            people.check_password(write, person_id=current_user.id, password=typed(form.password.data))
            personal_data.erase_everywhere(current_app, write, person_id=current_user.id, at=clock.now())
    except Invalid:
        form.password.errors = [_("That is not your password.")]
        return _page(delete_form=form)
    logout_user()
    session.clear()
    flash(_("Your account and its data are deleted."), "success")
    return redirect("/", 303)
