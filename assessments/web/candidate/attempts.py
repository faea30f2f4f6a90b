"""The pages of an attempt: answer, save a whole page, look it over, hand in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from pydantic import ValidationError

from assessments.domain.item_types import item_type
from assessments.operations.answering import ON_BREAK, TAKEN_OVER, Answer, save_responses
from assessments.operations.pens import Pen, take_pen
from assessments.operations.submitting import hand_in_attempt
from assessments.queries.attempts import Place
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.candidate.clock_words import clock_values
from assessments.web.candidate.pens import holder_of
from assessments.web.candidate.sitting import Sitting, load_sitting
from assessments.web.item_views import ITEM_VIEWS
from lms import clock
from lms.errors import Conflict, Invalid, NotFound
from lms.web.transactions import reading, transaction


@dataclass(slots=True)
class Refused:
    """What was typed at a position and not saved, with the reason."""

    messages: dict[int, str] = field(default_factory=dict)
    typed: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    is_taken_over: bool = False  # another window writes this attempt

    def refuse(self, position: int, typed: Mapping[str, Any], message: str) -> None:
        self.messages[position], self.typed[position] = message, typed


@candidate.get("/attempts/<uuid:attempt_id>/")
@ANYBODY
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    """One page of items; `page` counts from 1."""
    now = clock.now()
    sitting = _sitting(attempt_id)
    if not sitting.is_open(now):
        return redirect(url_for("assessments_candidate.result", attempt_id=attempt_id), 303)
    if sitting.is_on_break(now):
        return redirect(url_for("assessments_candidate.pause", attempt_id=attempt_id), 303)
    page = request.args.get("page", default=1, type=int)
    return _page(sitting, page, now)


@candidate.post("/attempts/<uuid:attempt_id>/pages/<int:page>")
@ANYBODY
def save_page(attempt_id: UUID, page: int) -> ResponseReturnValue:
    """The same for a browser without JavaScript: save the whole page, then go where the button says."""
    now = clock.now()
    sitting = _sitting(attempt_id)
    refused = _save_page(sitting, page, now)
    if refused.messages:
        return _page(_sitting(attempt_id), page, now, refused)
    if _is_takeover():
        return redirect(url_for("assessments_candidate.attempt", attempt_id=attempt_id, page=page), 303)
    go = request.form.get("go", "next")
    if go == "review" or (go == "next" and page >= sitting.pages):
        return redirect(url_for("assessments_candidate.review", attempt_id=attempt_id), 303)
    target = page - 1 if go == "previous" else page + 1
    return redirect(url_for("assessments_candidate.attempt", attempt_id=attempt_id, page=max(1, target)), 303)


@candidate.get("/attempts/<uuid:attempt_id>/review")
@ANYBODY
def review(attempt_id: UUID) -> ResponseReturnValue:
    """What is answered and what is not, before handing in."""
    now = clock.now()
    sitting = _sitting(attempt_id)
    if not sitting.is_open(now):
        return redirect(url_for("assessments_candidate.result", attempt_id=attempt_id), 303)
    if sitting.is_on_break(now):
        return redirect(url_for("assessments_candidate.pause", attempt_id=attempt_id), 303)
    return render_template(
        "assessments/candidate/review.html",
        attempt=_attempt_values(sitting, sitting.pages, now),
        navigator=sitting.steps(),
    )


@candidate.post("/attempts/<uuid:attempt_id>/submit")
@ANYBODY
def submit(attempt_id: UUID) -> ResponseReturnValue:
    """Hand in; whoever presses twice, or in two tabs, gets the one result."""
    now = clock.now()
    with transaction() as session:
        hand_in_attempt(session, attempt_id=attempt_id, person_id=current_user.id, at=now)
    return redirect(url_for("assessments_candidate.result", attempt_id=attempt_id), 303)


def _sitting(attempt_id: UUID) -> Sitting:
    with reading() as session:
        return load_sitting(session, attempt_id=attempt_id, person_id=current_user.id)


def _is_takeover() -> bool:
    return request.form.get("take") == "yes"


def _save_page(sitting: Sitting, page: int, at: datetime) -> Refused:
    """Save what differs from what is stored; at once; a fault at one position costs no other answer."""
    refused = Refused()
    changed = {place.position: typed for place, typed in _typed(sitting, page) if _differs(sitting, place, typed)}
    if not changed and not _is_takeover():
        return refused
    pen = _pen(sitting, at)
    if pen.is_mine and changed:
        _save_places(sitting, changed, pen, at, refused)
    if not pen.is_mine or refused.is_taken_over:
        refused.is_taken_over = True
        for position, typed in changed.items():
            refused.refuse(
                position, typed, _("Another window writes this attempt. What you typed is shown, and not saved.")
            )
    return refused


def _pen(sitting: Sitting, at: datetime) -> Pen:
    """The pen of whoever sends this form: had already, got when nobody has it, or taken over when that is asked."""
    holder = holder_of(request.form.get("tab"))
    if sitting.attempt.pen_holder == holder:
        return Pen(sitting.attempt.pen_epoch, is_mine=True)
    with transaction() as session:
        return take_pen(
            session,
            attempt_id=sitting.attempt.id,
            person_id=current_user.id,
            holder=holder,
            take_over=_is_takeover(),
            at=at,
        )


def _typed(sitting: Sitting, page: int) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for place in sitting.places_of(page):
        version = sitting.versions[place.version_id]
        yield place, ITEM_VIEWS[version.type].read_form(version.content, request.form, f"r{place.position}-")


def _save_places(
    sitting: Sitting, changed: Mapping[int, Mapping[str, Any]], pen: Pen, at: datetime, refused: Refused
) -> None:
    answers = [
        Answer(position, typed, request.form.get(f"r{position}-sequence", default=0, type=int) + 1)
        for position, typed in changed.items()
    ]
    with transaction() as session:
        reasons = save_responses(
            session,
            attempt_id=sitting.attempt.id,
            person_id=current_user.id,
            answers=answers,
            epoch=pen.epoch,
            at=at,
        )
    for position, reason in reasons.items():
        refused.refuse(position, changed[position], _in_words(reason))
        refused.is_taken_over |= reason.facts.get("reason") == TAKEN_OVER


def _in_words(reason: Invalid | Conflict) -> str:
    if isinstance(reason, Invalid) or reason.facts.get("reason") == ON_BREAK:
        return str(reason)
    return str(_("This answer was changed in another window. What you typed here is shown; save again to keep it."))


def _differs(sitting: Sitting, place: Place, typed: Mapping[str, Any]) -> bool:
    """Whether what was typed is not what is stored; what has no proper shape is for `save_response` to refuse."""
    shape = item_type(sitting.versions[place.version_id].type).response
    stored = sitting.responses.get(place.position)
    try:
        response = shape.model_validate(typed)
    except ValidationError:
        return True
    return response != shape.model_validate(stored.response if stored else {})


def _page(sitting: Sitting, page: int, now: datetime, refused: Refused | None = None) -> ResponseReturnValue:
    places = sitting.places_of(page) if page >= 1 else ()
    if not places:
        raise NotFound(_("This attempt has no such page."))
    refusals = refused or Refused()
    shown = render_template(
        "assessments/candidate/attempt.html",
        attempt=_attempt_values(sitting, page, now),
        items=[sitting.shown(place, refusals.typed.get(place.position)) for place in places],
        navigator=sitting.steps(place.position for place in places),
        errors=refusals.messages,
        is_taken_over=refusals.is_taken_over,
    )
    return Response(shown, status=(409 if refusals.is_taken_over else 422) if refused else 200)


def _attempt_values(sitting: Sitting, page: int, now: datetime) -> dict[str, object]:
    attempt = sitting.attempt
    return {
        "id": attempt.id,
        "person_id": attempt.person_id,
        "pen_epoch": attempt.pen_epoch,
        "is_written_elsewhere": attempt.pen_holder not in (None, holder_of(None)),
        "address": url_for("assessments_candidate.attempt", attempt_id=attempt.id),
        "number": attempt.number,
        "test_title": attempt.test_title,
        "deadline_at": attempt.deadline_at,
        **clock_values(attempt.clock, now),
        "page": page,
        "pages": sitting.pages,
    }
