"""The page of one webhook: what was delivered, each try, and what managers do about it."""

import json
from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from lms import clock
from lms.web.limits import limiter
from lms.web.transactions import reading, transaction
from lms.webhooks.models import DeliveryState
from lms.webhooks.operations import delete_endpoint, disable_endpoint, enable_endpoint, rotate_secret
from lms.webhooks.queries import get_delivery, get_endpoint, list_deliveries
from lms.webhooks.redelivery import deliver_again, deliver_failed_again, send_test
from lms.webhooks.web.blueprint import MANAGERS, READERS, secret_box, webhooks
from lms.webhooks.web.forms import SinceForm
from lms.webhooks.web.list_page import may_change


@webhooks.get("/<uuid:endpoint_id>")
@READERS
def endpoint(endpoint_id: UUID) -> ResponseReturnValue:
    """How it fares, and a page of its deliveries."""
    form = SinceForm(formdata=None)
    form.since.data = clock.now() - timedelta(days=1)
    return _page(endpoint_id, form)


@webhooks.get("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>")
@READERS
def delivery(endpoint_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """What is sent, and what came of each try."""
    with reading() as session:
        shown = get_endpoint(session, endpoint_id)
        found, payload, tries = get_delivery(session, endpoint_id=endpoint_id, delivery_id=delivery_id)
    return render_template(
        "lms/webhooks/delivery.html",
        endpoint=shown,
        delivery=found,
        payload=json.dumps(json.loads(payload), indent=2, ensure_ascii=False) if payload else "",
        tries=tries,
        may_change=may_change(),
    )


@webhooks.post("/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/again")
@MANAGERS
@limiter.limit("600 per hour")
def again(endpoint_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Send one delivery once more."""
    with transaction() as session:
        deliver_again(session, endpoint_id=endpoint_id, delivery_id=delivery_id, actor=current_user.id, at=clock.now())
    flash(_("It is sent again now, with the same id. Reload the page to see what comes of it."), "success")
    return redirect(url_for(".delivery", endpoint_id=endpoint_id, delivery_id=delivery_id), 303)


@webhooks.post("/<uuid:endpoint_id>/again")
@MANAGERS
@limiter.limit("60 per hour")
def failed_again(endpoint_id: UUID) -> ResponseReturnValue:
    """Send everything that failed since an instant once more."""
    form = SinceForm()
    if not form.validate():
        return _page(endpoint_id, form), 422
    with transaction() as session:
        count = deliver_failed_again(
            session, endpoint_id=endpoint_id, since=form.instant(), actor=current_user.id, at=clock.now()
        )
    said = ngettext("%(num)s delivery is sent again now.", "%(num)s deliveries are sent again now.", count)
    flash(said if count else _("Nothing has failed since then."), "success")
    return _back(endpoint_id)


@webhooks.post("/<uuid:endpoint_id>/test")
@MANAGERS
@limiter.limit("60 per hour")
def test(endpoint_id: UUID) -> ResponseReturnValue:
    """Send a test event, and show what comes of it."""
    with transaction() as session:
        delivery_id = send_test(session, endpoint_id=endpoint_id, actor=current_user.id, at=clock.now())
    flash(_("A test is on its way. Reload the page to see what comes of it."), "success")
    return redirect(url_for(".delivery", endpoint_id=endpoint_id, delivery_id=delivery_id), 303)


@webhooks.post("/<uuid:endpoint_id>/rotate")
@MANAGERS
def rotate(endpoint_id: UUID) -> ResponseReturnValue:
    """Make a new secret, and show it this once."""
    with transaction() as session:
        secret = rotate_secret(
            session, endpoint_id=endpoint_id, box=secret_box(), actor=current_user.id, at=clock.now()
        )
    return render_template("lms/webhooks/secret.html", endpoint_id=endpoint_id, secret=secret, is_new=False)


@webhooks.post("/<uuid:endpoint_id>/disable")
@MANAGERS
def disable(endpoint_id: UUID) -> ResponseReturnValue:
    """Send nothing until it is enabled again."""
    with transaction() as session:
        disable_endpoint(session, endpoint_id=endpoint_id, actor=current_user.id, at=clock.now())
    flash(_("Disabled. What happens meanwhile waits."), "success")
    return _back(endpoint_id)


@webhooks.post("/<uuid:endpoint_id>/enable")
@MANAGERS
def enable(endpoint_id: UUID) -> ResponseReturnValue:
    """Send again, beginning with what waits."""
    with transaction() as session:
        enable_endpoint(session, endpoint_id=endpoint_id, actor=current_user.id, at=clock.now())
    flash(_("Enabled. What waited is sent now."), "success")
    return _back(endpoint_id)


@webhooks.post("/<uuid:endpoint_id>/delete")
@MANAGERS
def delete(endpoint_id: UUID) -> ResponseReturnValue:
    """Send nothing any more, for good."""
    with transaction() as session:
        delete_endpoint(session, endpoint_id=endpoint_id, actor=current_user.id, at=clock.now())
    flash(_("Deleted. Nothing is sent there any more."), "success")
    return redirect(url_for(".endpoints"), 303)


def _back(endpoint_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id), 303)


def _page(endpoint_id: UUID, form: SinceForm) -> str:
    state = request.args.get("state", "")
    wanted = DeliveryState(state) if state in {each.value for each in DeliveryState} else None
    with reading() as session:
        shown = get_endpoint(session, endpoint_id)
        page = list_deliveries(session, endpoint_id=endpoint_id, state=wanted, after=_place())
    return render_template(
        "lms/webhooks/endpoint.html",
        endpoint=shown,
        page=page,
        state=wanted,
        states=list(DeliveryState),
        form=form,
        at=clock.now(),
        may_change=may_change(),
        is_first="after" not in request.args,
    )


def _place() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None
