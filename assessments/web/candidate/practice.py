"""A try of a practice item: scored at once, and shown in place."""

from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from assessments.operations.practising import try_practice_item
from assessments.queries.practice import find_items
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.practice import render_practice, render_refused
from lms import clock
from lms.errors import Invalid, NotFound
from lms.web.limits import limiter
from lms.web.return_path import read_path
from lms.web.transactions import reading, transaction


@candidate.post("/practice/<identifier>")
@ANYBODY
@limiter.limit("120 per minute")
def try_practice(identifier: str) -> ResponseReturnValue:
    """With `X-Fragment` the answer is the box alone; otherwise the way back to the lesson."""
    return_path = read_path(request.form.get("return_path")) or "/"
    with reading() as session:
        item = find_items(session, [identifier]).get(identifier)
    if item is None:
        raise NotFound(_("There is no such practice item."))
    typed = ITEM_VIEWS[item.type].read_form(item.content, request.form, f"p-{identifier}-")
    try:
        with transaction() as session:
            try_practice_item(
                session,
                identifier=identifier,
                person_id=current_user.id,
                response=typed,
                try_key=_try_key(),
                at=clock.now(),
            )
    except Invalid as refusal:
        return render_refused(item, typed, str(refusal), return_path), 422
    if "X-Fragment" not in request.headers:
        return redirect(f"{return_path}#practice-{identifier}", 303)
    with reading() as session:
        return render_practice(session, [identifier], person_id=current_user.id, return_path=return_path)[identifier]


def _try_key() -> UUID:
    try:
        return UUID(request.form.get("try_key", ""))
    except ValueError:
        raise Invalid(_("The form is incomplete: its try key is missing. Reload the page.")) from None
