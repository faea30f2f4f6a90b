"""The page on which a webhook is changed: its address, what it is for, the events that it is told of."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.errors import Conflict
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction
from lms.webhooks.changing import Terms, change_endpoint
from lms.webhooks.event_types import present_event_types
from lms.webhooks.queries import EndpointView, get_endpoint
from lms.webhooks.web.blueprint import MANAGERS, webhooks
from lms.webhooks.web.forms import ChangeForm


@webhooks.get("/<uuid:endpoint_id>/change")
@MANAGERS
def changing(endpoint_id: UUID) -> ResponseReturnValue:
    """The form with what holds now."""
    shown = _shown(endpoint_id)
    form = ChangeForm(
        formdata=None,
        url=shown.url,
        description=shown.description,
        event_types=shown.event_types,
        seen=_terms(shown).mark,
    )
    form.offer(present_event_types())
    return _page(shown, form)


@webhooks.post("/<uuid:endpoint_id>/change")
@MANAGERS
@limiter.limit("60 per hour")
def change(endpoint_id: UUID) -> ResponseReturnValue:
    """Change the webhook; a new address is checked like that of a new webhook."""
    shown = _shown(endpoint_id)
    form = ChangeForm()
    form.offer(present_event_types())
    form.kept_url = shown.url
    if not form.validate():
        return _page(shown, form), 422
    terms = form.terms()
    try:
        with transaction() as session:
            before = change_endpoint(
                session,
                endpoint_id=endpoint_id,
                terms=terms,
                seen=form.seen.data or "",
                actor=current_user.id,
                at=clock.now(),
            )
    except Conflict as refusal:
        return _overtaken(endpoint_id, form, str(refusal)), 409
    flash(_("Saved.") if terms.url == before.url else _("Saved. What waits goes to the new address."), "success")
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)


def _overtaken(endpoint_id: UUID, form: ChangeForm, message: str) -> str:
    """The page with what was typed beside what somebody else saved; sent again it takes the other's place."""
    shown = _shown(endpoint_id)
    form.seen.data = _terms(shown).mark
    return _page(shown, form, message=message)


def _shown(endpoint_id: UUID) -> EndpointView:
    with reading() as session:
        return get_endpoint(session, endpoint_id)


def _terms(shown: EndpointView) -> Terms:
    return Terms.of(shown.url, shown.description, shown.event_types)


def _page(shown: EndpointView, form: ChangeForm, *, message: str = "") -> str:
    return render_template("lms/webhooks/change.html", endpoint=shown, form=form, message=message)
