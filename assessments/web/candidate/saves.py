"""Saving one response: from the page, as the fields of its form, or from another program, as JSON."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Content
from assessments.operations.answering import save_response
from assessments.operations.late_answers import keep_late_response
from assessments.queries.attempts import get_attempt, get_form
from assessments.queries.versions import get_versions
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.item_views import ITEM_VIEWS
from lms import clock
from lms.errors import Gone, Invalid, NotFound, TooLarge
from lms.web.transactions import reading, transaction

LARGEST_RESPONSE = 250_000  # bytes: the longest essay in any script, as a form spells it
LARGEST_SEQUENCE = 2_000_000_000
FORM = "application/x-www-form-urlencoded"
KEY_HEADER = "Idempotency-Key"  # a UUID that names this one save
EPOCH_HEADER = "X-Pen-Epoch"  # of the pen under which the answer was written
AGE_HEADER = "X-Answer-Age"  # milliseconds since the answer was given: no clock but the server's need be right


@dataclass(frozen=True, slots=True)
class Sent:
    """One save as it was sent."""

    response: object
    sequence: int
    key: UUID | None
    epoch: int | None


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
    sent = Sent(response, sequence, _key(), _epoch())
    try:
        with transaction() as session:
            stored = save_response(
                session,
                attempt_id=attempt_id,
                person_id=current_user.id,
                position=position,
                response=sent.response,
                sequence=sent.sequence,
                key=sent.key,
                epoch=sent.epoch,
                at=now,
            )
    except Gone as refusal:
        raise _too_late(refusal, attempt_id, position, sent, now) from refusal
    told = {"is_answered": _is_answered(attempt_id, position, response)} if is_form else {}
    return jsonify({"saved": True, "sequence": stored, **told})


def _too_late(refusal: Gone, attempt_id: UUID, position: int, sent: Sent, at: datetime) -> Gone:
    """The refusal of a closed attempt, after keeping what was given in time and only arrived late."""
    age = request.headers.get(AGE_HEADER, type=int)
    if age is None or not 0 < age < timedelta(days=365) // timedelta(milliseconds=1):
        return refusal
    with transaction() as session:
        is_kept = keep_late_response(
            session,
            attempt_id=attempt_id,
            person_id=current_user.id,
            position=position,
            response=sent.response,
            sequence=sent.sequence,
            made_at=at - timedelta(milliseconds=age),
            at=at,
        )
    if not is_kept:
        return Gone(str(refusal), facts={"saved": False, "kept": False})
    message = _(
        "The time was over when this answer arrived. It was given in time, so it is kept as late: it is not scored, "
        "and a person decides about it."
    )
    return Gone(message, facts={"saved": False, "kept": True})


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
    prefix = f"r{position}-"
    sequence = request.form.get(f"{prefix}sequence", type=int)
    if sequence is None or not 1 <= sequence <= LARGEST_SEQUENCE:
        raise Invalid(_("sequence must be a whole number from 1 up."))
    type_name, content = _asked(attempt_id, position)
    return ITEM_VIEWS[type_name].read_form(content, request.form, prefix), sequence


def _key() -> UUID | None:
    stated = request.headers.get(KEY_HEADER)
    if stated is None:
        return None
    try:
        return UUID(stated)
    except ValueError as fault:
        raise Invalid(
            _("%(header)s must be a UUID, such as 8e03978e-40d5-43e8-bc93-6894a57f9324.", header=KEY_HEADER)
        ) from fault


def _epoch() -> int | None:
    stated = request.headers.get(EPOCH_HEADER)
    if stated is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,8}", stated, re.ASCII):
        raise Invalid(_("%(header)s must be a whole number from 1 up.", header=EPOCH_HEADER))
    return int(stated)


def _asked(attempt_id: UUID, position: int) -> tuple[str, Content]:
    """The type and content at a position; whose attempt it is, the save itself finds out."""
    with reading() as session:
        place = next((place for place in get_form(session, attempt_id) if place.position == position), None)
        if place is None:
            get_attempt(session, attempt_id=attempt_id, person_id=current_user.id)  # another's is as one that never was
            raise NotFound(_("There is no such position in an attempt of yours."))
        version = get_versions(session, [place.version_id])[place.version_id]
    return version.type, version.content


def _is_answered(attempt_id: UUID, position: int, response: object) -> bool:
    type_name, _content = _asked(attempt_id, position)
    return ITEM_VIEWS[type_name].is_answered(item_type(type_name).response.model_validate(response))


def _refuse_too_large() -> None:
    if request.content_length is not None and request.content_length > LARGEST_RESPONSE:
        raise TooLarge(_("This answer is too large; at most %(most)s bytes are taken.", most=LARGEST_RESPONSE))
