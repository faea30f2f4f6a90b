"""The list of webhooks, and the form by which one is made."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms import clock
from lms.errors import Conflict
from lms.organisations.roles import Role
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction
from lms.webhooks.event_types import present_event_types
from lms.webhooks.operations import make_endpoint
from lms.webhooks.queries import list_endpoints
from lms.webhooks.web.blueprint import MANAGERS, READERS, secret_box, webhooks
from lms.webhooks.web.forms import EndpointForm


@webhooks.get("/")
@READERS
def endpoints() -> ResponseReturnValue:
    """Every webhook, and how it fares."""
    with reading() as session:
        return render_template("lms/webhooks/list.html", endpoints=list_endpoints(session), may_change=may_change())


@webhooks.get("/new")
@MANAGERS
def new() -> ResponseReturnValue:
    """The form of a new webhook."""
    return _page(_form())


@webhooks.post("/new")
@MANAGERS
@limiter.limit("60 per hour")
def make() -> ResponseReturnValue:
    """Make a webhook, and show its secret this once."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction() as session:
            endpoint_id, secret = make_endpoint(
                session,
                url=form.url.data or "",
                description=form.description.data or "",
                event_types=form.event_types.data or [],
                box=secret_box(),
                actor=current_user.id,
                at=clock.now(),
            )
    except Conflict as refusal:
        return _page(form, message=str(refusal)), 409
    return render_template("lms/webhooks/secret.html", endpoint_id=endpoint_id, secret=secret, is_new=True), 201


def may_change() -> bool:
    """Whether the person may do more than read."""
    return bool(current_user.roles & {Role.MANAGER, Role.OPERATOR})


def _form() -> EndpointForm:
    form = EndpointForm()
    form.offer(present_event_types())
    return form


def _page(form: EndpointForm, *, message: str = "") -> str:
    return render_template("lms/webhooks/new.html", form=form, message=message)
