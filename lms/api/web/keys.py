"""API keys for managers: the list, making one, replacing one, revoking one; a secret is shown once."""

from uuid import UUID

from flask import Response, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.api.blueprint import PREFIX
from lms.api.keys import KeyLine, NewKey, get_key, list_keys, make_key, revoke_key, rotate_key
from lms.api.scopes import sentence_of
from lms.api.web.blueprint import MANAGERS, READERS, lms_keys
from lms.api.web.key_form import KeyForm, RotationForm
from lms.errors import Conflict
from lms.organisations.roles import Role
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction


@lms_keys.get("/")
@READERS
def keys() -> ResponseReturnValue:
    """The keys of the organisation, with their last use."""
    with reading() as session:
        listed = list_keys(session)
    now = clock.now()
    return render_template("lms/api/keys.html", lines=[(key, key.state(now)) for key in listed], may_change=_may())


@lms_keys.get("/new")
@MANAGERS
def new_key() -> ResponseReturnValue:
    return render_template("lms/api/new_key.html", form=KeyForm())


@lms_keys.post("/new")
@MANAGERS
@limiter.limit("60 per hour")
def make() -> ResponseReturnValue:
    """The answer shows the secret, and nothing shows it again."""
    form = KeyForm()
    if not form.validate():
        return render_template("lms/api/new_key.html", form=form), 422
    now = clock.now()
    with transaction() as session:
        made = make_key(
            session,
            name=form.name.data or "",
            scopes=form.scopes.data or [],
            expires_at=now + form.life,
            rate_per_minute=int(form.rate.data),
            by=current_user.id,
            at=now,
        )
    return _shown_once(made)


@lms_keys.get("/<uuid:key_id>")
@READERS
def key(key_id: UUID) -> ResponseReturnValue:
    """One key: what it may do, and its end."""
    with reading() as session:
        found = get_key(session, key_id)
    return _key_page(found, RotationForm(formdata=None))


@lms_keys.post("/<uuid:key_id>/rotate")
@MANAGERS
@limiter.limit("60 per hour")
def rotate(key_id: UUID) -> ResponseReturnValue:
    form = RotationForm()
    if not form.validate():
        with reading() as session:
            return _key_page(get_key(session, key_id), form), 422
    with transaction() as session:
        made = rotate_key(session, key_id=key_id, overlap=form.overlap, by=current_user.id, at=clock.now())
    return _shown_once(made)


@lms_keys.post("/<uuid:key_id>/revoke")
@MANAGERS
def revoke(key_id: UUID) -> ResponseReturnValue:
    try:
        with transaction() as session:
            revoke_key(session, key_id=key_id, by=current_user.id, at=clock.now())
    except Conflict as refusal:
        flash(str(refusal), "warning")
    else:
        flash(_("The key is revoked. Whoever calls with it is refused from now on."), "success")
    return redirect(url_for(".key", key_id=key_id), 303)


def _key_page(found: KeyLine, form: RotationForm) -> str:
    return render_template(
        "lms/api/key.html",
        key=found,
        state=found.state(clock.now()),
        sentences=[(scope, sentence_of(scope)) for scope in found.scopes],
        form=form,
        may_change=_may(),
    )


def _shown_once(made: NewKey) -> Response:
    """Not a redirect: the secret would have to be kept somewhere until the next page."""
    with reading() as session:
        found = get_key(session, made.id)
    address = settings_of(current_app).base_url + PREFIX
    page = render_template("lms/api/made_key.html", key=found, secret=made.secret, address=address)
    answer = make_response(page, 201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may() -> bool:
    return bool({Role.MANAGER, Role.OPERATOR} & current_user.roles)
