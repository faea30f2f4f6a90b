"""Pages for managers: the services to which their members sign in with Assay."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import (  # type: ignore[attr-defined]  # the published types do not know SelectChoice yet
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, ValidationError

from lms import clock
from lms.errors import Conflict, Invalid
from lms.oidc.clients import change_client, get_client, list_clients, make_client, revoke_client
from lms.oidc.redirect_addresses import MOST, read_addresses
from lms.oidc.web.blueprint import MANAGERS, issuer, sign_in_clients
from lms.web.forms import Form
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction

SERVER, APP = "server", "app"


class ClientForm(Form):
    """Name and addresses of a service. `addresses` is what was typed, read, once it is valid."""

    name = StringField(
        lazy_gettext("Name"),
        [DataRequired(message=lazy_gettext("Give the name that people know it by.")), Length(max=100)],
        filters=[lambda text: " ".join((text or "").split())],
    )
    redirect_uris = TextAreaField(
        lazy_gettext("Addresses to come back to"), render_kw={"rows": 4, "spellcheck": "false"}
    )
    addresses: list[str]

    def validate_redirect_uris(self, field: Any) -> None:
        try:
            self.addresses = read_addresses(field.data or "")
        except Invalid as fault:
            raise ValidationError(str(fault)) from None


class NewClientForm(ClientForm):
    """The same for one that is made."""

    kind = RadioField(
        lazy_gettext("What it is"),
        choices=[
            SelectChoice(SERVER, lazy_gettext("A website with a server of its own, which keeps a secret")),
            SelectChoice(APP, lazy_gettext("An app on people’s devices, which can keep none")),
        ],
        default=SERVER,
    )


@sign_in_clients.get("/")
@MANAGERS
def clients() -> ResponseReturnValue:
    """The services so far, and the form for another one."""
    return _list(NewClientForm(formdata=None))


@sign_in_clients.post("/")
@MANAGERS
@limiter.limit("60 per hour")
def make() -> ResponseReturnValue:
    """Make one, and show its secret; this page is the only one that ever does."""
    form = NewClientForm()
    if not form.validate():
        return _list(form), 422
    with transaction() as session:
        made = make_client(
            session,
            name=form.name.data or "",
            redirect_uris=form.addresses,
            keeps_secrets=form.kind.data == SERVER,
            person_id=current_user.id,
            at=clock.now(),
        )
    return render_template("lms/oidc/client_made.html", made=made, name=form.name.data, issuer=issuer())


@sign_in_clients.get("/<uuid:client_id>")
@MANAGERS
def client(client_id: UUID) -> ResponseReturnValue:
    """One service, ready to be changed or revoked."""
    with reading() as session:
        found = get_client(session, client_id)
    form = ClientForm(formdata=None, name=found.name, redirect_uris="\n".join(found.redirect_uris))
    return render_template("lms/oidc/client.html", client=found, form=form, issuer=issuer(), most=MOST)


@sign_in_clients.post("/<uuid:client_id>")
@MANAGERS
def change(client_id: UUID) -> ResponseReturnValue:
    form = ClientForm()
    with reading() as session:
        found = get_client(session, client_id)
    if not form.validate():
        return render_template("lms/oidc/client.html", client=found, form=form, issuer=issuer(), most=MOST), 422
    with transaction() as session:
        change_client(
            session,
            client_id=client_id,
            name=form.name.data or "",
            redirect_uris=form.addresses,
            person_id=current_user.id,
            at=clock.now(),
        )
    flash(_("Saved."), "success")
    return redirect(url_for(".client", client_id=client_id), 303)


@sign_in_clients.post("/<uuid:client_id>/revoke")
@MANAGERS
def revoke(client_id: UUID) -> ResponseReturnValue:
    """Revoking twice changes nothing."""
    try:
        with transaction() as session:
            revoke_client(session, client_id=client_id, person_id=current_user.id, at=clock.now())
    except Conflict:
        flash(_("It was revoked before."), "success")
    else:
        flash(_("Revoked. Nobody can sign in to it with Assay any more."), "success")
    return redirect(url_for(".clients"), 303)


def _list(form: NewClientForm) -> str:
    with reading() as session:
        return render_template("lms/oidc/clients.html", clients=list_clients(session), form=form, most=MOST)
