"""The queue of responses that wait for a marker, and each of them beside its rubric; no page names who wrote it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.scoring.marking import criteria_of
from assessments.operations.marking import LONGEST_COMMENT, mark_response
from assessments.queries.marking import (
    MOST_LISTED,
    ResponseToMark,
    count_marks,
    get_response_to_mark,
    list_waiting,
)
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.marker.blueprint import MARKERS, marker
from assessments.web.views.answers import whole_number
from lms import clock
from lms.errors import Conflict, Invalid
from lms.web.transactions import reading, transaction


@marker.get("/")
@MARKERS
def queue() -> ResponseReturnValue:
    """What waits, oldest first, and how much this marker has done."""
    with reading() as session:
        waiting = list_waiting(session, marker_id=current_user.id)
        marked = count_marks(session, marker_id=current_user.id)
    return render_template(
        "assessments/marker/queue.html",
        waiting=[
            {"kind": _(item_type(each.type).title), "address": _address(each.attempt_id, each.position), "place": each}
            for each in waiting
        ],
        may_be_more=len(waiting) == MOST_LISTED,
        marked=marked,
    )


@marker.get("/<uuid:attempt_id>/<int:position>")
@MARKERS
def response(attempt_id: UUID, position: int) -> ResponseReturnValue:
    """One response beside the task, the exemplary text and the rubric."""
    try:
        with reading() as session:
            return _page(session, attempt_id, position)
    except Conflict as refusal:  # somebody else was faster: no fault of whoever follows a link of the queue
        flash(str(refusal), "warning")
        return redirect(url_for(".queue"), 303)


@marker.post("/<uuid:attempt_id>/<int:position>")
@MARKERS
def mark(attempt_id: UUID, position: int) -> ResponseReturnValue:
    """Keep the mark and go on with the next response; what does not fit is shown again."""
    prefix = "level-"
    typed = {
        name.removeprefix(prefix): whole_number(value)
        for name, value in request.form.items()
        if name.startswith(prefix)
    }
    comment = request.form.get("comment", "").replace("\r\n", "\n")
    try:
        with transaction() as session:
            mark_response(
                session,
                attempt_id=attempt_id,
                position=position,
                marker_id=current_user.id,
                levels=typed,
                comment=comment,
                at=clock.now(),
            )
        flash(_("Your mark is saved."), "success")
    except Invalid as refusal:
        with reading() as session:
            return _page(session, attempt_id, position, typed, comment, str(refusal)), 422
    except Conflict as refusal:
        flash(str(refusal), "warning")
    return redirect(_next(), 303)


def _next() -> str:
    with reading() as session:
        waiting = list_waiting(session, marker_id=current_user.id, most=1)
    return _address(waiting[0].attempt_id, waiting[0].position) if waiting else url_for(".queue")


def _address(attempt_id: UUID, position: int) -> str:
    return url_for("assessments_marker.response", attempt_id=attempt_id, position=position)


def _page(
    session: Session,
    attempt_id: UUID,
    position: int,
    levels: dict[str, Any] | None = None,
    comment: str = "",
    message: str | None = None,
) -> str:
    found = get_response_to_mark(session, attempt_id=attempt_id, position=position, marker_id=current_user.id)
    return render_template(
        "assessments/marker/response.html", **_facts(found), **_form(found, levels, comment, message)
    )


def _facts(found: ResponseToMark) -> dict[str, Any]:
    """What is judged and what it is held against; the type's own template lays it out."""
    kind, view = item_type(found.waiting.type), ITEM_VIEWS[found.waiting.type]
    return {
        "place": found.waiting,
        "kind": _(kind.title),
        "template": f"assessments/items/{kind.module}_marking.html",
        "content": found.content,
        "key": found.key,
        "response": found.response,
        "feedback": view.feedback(found.content, found.key, found.response, found.score),
    }


def _form(found: ResponseToMark, levels: dict[str, Any] | None, comment: str, message: str | None) -> dict[str, Any]:
    return {
        "criteria": criteria_of(found.content),
        "levels": levels or {},
        "comment": comment,
        "longest_comment": LONGEST_COMMENT,
        "message": message,
    }
