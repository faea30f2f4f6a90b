"""The pages of an attempt: answer, save, look it over, hand in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from pydantic import ValidationError

from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Content
from assessments.operations.answering import save_response
from assessments.operations.submitting import hand_in_attempt
from assessments.queries.attempts import Stored, get_form
from assessments.queries.versions import get_versions
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.candidate.sitting import Sitting, load_sitting
from assessments.web.item_views import ITEM_VIEWS
from lms import clock
from lms.errors import Conflict, Invalid, NotFound, TooLarge
from lms.web.transactions import reading, transaction

LARGEST_RESPONSE = 250_000  # bytes: the longest essay in any script, as a form spells it
LARGEST_SEQUENCE = 2_000_000_000
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Refused:
    """What was typed at a position and not saved, with the reason."""

    messages: dict[int, str] = field(default_factory=dict)
    typed: dict[int, Mapping[str, Any]] = field(default_factory=dict)


@candidate.get("/attempts/<uuid:attempt_id>/")
@ANYBODY
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    """One page of items; `page` counts from 1."""
    now = clock.now()
    sitting = _sitting(attempt_id)
    if not sitting.is_open(now):
        return redirect(url_for("assessments_candidate.result", attempt_id=attempt_id), 303)
    page = request.args.get("page", default=1, type=int)
    return _page(sitting, page, now)


@candidate.put("/attempts/<uuid:attempt_id>/responses/<int:position>")
@ANYBODY
def save(attempt_id: UUID, position: int) -> ResponseReturnValue:
    """Save one response; the answer is "saved" only once the database has it.

    The page sends the fields of the item's form, in which case it is told whether that is an answer; other programs
    send JSON with the response itself.
    """
    now = clock.now()
    is_form = request.mimetype == FORM
    response, sequence = _fields(attempt_id, position) if is_form else _body()
    with transaction() as session:
        stored = save_response(
            session,
            attempt_id=attempt_id,
            person_id=current_user.id,
            position=position,
            response=response,
            sequence=sequence,
            at=now,
        )
    told = {"is_answered": _is_answered(attempt_id, position, response)} if is_form else {}
    return jsonify({"saved": True, "sequence": stored, **told})


@candidate.post("/attempts/<uuid:attempt_id>/pages/<int:page>")
@ANYBODY
def save_page(attempt_id: UUID, page: int) -> ResponseReturnValue:
    """The same for a browser without JavaScript: save the whole page, then go where the button says."""
    now = clock.now()
    sitting = _sitting(attempt_id)
    refused = _save_page(sitting, page, now)
    if refused.messages:
        return _page(_sitting(attempt_id), page, now, refused)
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


def _body() -> tuple[object, int]:
    """The JSON of a save. Raises TooLarge, or Invalid naming what is wrong and what was expected."""
    _refuse_too_large()
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested too deeply to be an answer
        body = None
    if not isinstance(body, dict) or set(body) != {"response", "sequence"}:
        raise Invalid(_('Expected a JSON object with "response" and "sequence", and nothing else.'))
    sequence = body["sequence"]
    if type(sequence) is not int or not 1 <= sequence <= LARGEST_SEQUENCE:
        raise Invalid(_("sequence must be a whole number from 1 up."))
    return body["response"], sequence


def _fields(attempt_id: UUID, position: int) -> tuple[object, int]:
    """The same from the fields of one item's form, which its type can read."""
    _refuse_too_large()
    type_name, content = _asked(attempt_id, position)
    prefix = f"r{position}-"
    sequence = request.form.get(f"{prefix}sequence", type=int)
    if sequence is None or not 1 <= sequence <= LARGEST_SEQUENCE:
        raise Invalid(_("sequence must be a whole number from 1 up."))
    return ITEM_VIEWS[type_name].read_form(content, request.form, prefix), sequence


def _asked(attempt_id: UUID, position: int) -> tuple[str, Content]:
    """The type and content at a position; whose attempt it is, the save itself finds out."""
    with reading() as session:
        place = next((place for place in get_form(session, attempt_id) if place.position == position), None)
        if place is None:
            raise NotFound(_("There is no such position in an attempt of yours."))
        version = get_versions(session, [place.version_id])[place.version_id]
    return version.type, version.content


def _is_answered(attempt_id: UUID, position: int, response: object) -> bool:
    type_name, _content = _asked(attempt_id, position)
    return ITEM_VIEWS[type_name].is_answered(item_type(type_name).response.model_validate(response))


def _refuse_too_large() -> None:
    if request.content_length is not None and request.content_length > LARGEST_RESPONSE:
        raise TooLarge(_("This answer is too large; at most %(most)s bytes are taken.", most=LARGEST_RESPONSE))


def _save_page(sitting: Sitting, page: int, at: datetime) -> Refused:
    """Save what differs from what is stored; each position for itself, so that one fault costs no other answer."""
    refused = Refused()
    for place in sitting.places_of(page):
        version = sitting.versions[place.version_id]
        view = ITEM_VIEWS[version.type]
        prefix = f"r{place.position}-"
        typed = view.read_form(version.content, request.form, prefix)
        stored = sitting.responses.get(place.position)
        if not _differs(version.type, typed, stored):
            continue
        sequence = request.form.get(f"{prefix}sequence", default=0, type=int) + 1
        try:
            with transaction() as session:
                save_response(
                    session,
                    attempt_id=sitting.attempt.id,
                    person_id=current_user.id,
                    position=place.position,
                    response=typed,
                    sequence=sequence,
                    at=at,
                )
        except Invalid as refusal:
            refused.messages[place.position], refused.typed[place.position] = str(refusal), typed
        except Conflict:
            refused.messages[place.position] = _(
                "This answer was changed in another window. What you typed here is shown; save again to keep it."
            )
            refused.typed[place.position] = typed
    return refused


def _differs(type_name: str, typed: Mapping[str, Any], stored: Stored | None) -> bool:
    """Whether what was typed is not what is stored; what has no proper shape is for `save_response` to refuse."""
    shape = item_type(type_name).response
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
    )
    return Response(shown, status=422 if refused else 200)


def _attempt_values(sitting: Sitting, page: int, now: datetime) -> dict[str, object]:
    attempt = sitting.attempt
    return {
        "id": attempt.id,
        "number": attempt.number,
        "test_title": attempt.test_title,
        "deadline_at": attempt.deadline_at,
        "seconds_left": max(0, int((attempt.deadline_at - now).total_seconds())),
        "page": page,
        "pages": sitting.pages,
    }
