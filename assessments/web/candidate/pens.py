"""The pen of an attempt: which window writes it, asked for by the page, and taken over when the person says so."""

import re
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from assessments.operations.pens import name_holder, take_pen
from assessments.web.candidate.blueprint import ANYBODY, candidate
from lms import clock
from lms.errors import Invalid
from lms.web.transactions import transaction


@candidate.post("/attempts/<uuid:attempt_id>/pen")
@ANYBODY
def pen(attempt_id: UUID) -> ResponseReturnValue:
    """Get the pen for a window, named by `tab`, when nobody has it; with `take` also from whoever has it."""
    now = clock.now()
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or set(body) != {"tab", "take"} or type(body["take"]) is not bool:
        raise Invalid(_('Expected a JSON object with "tab" and "take", and nothing else.'))
    with transaction() as session:
        held = take_pen(
            session,
            attempt_id=attempt_id,
            person_id=current_user.id,
            holder=holder_of(body["tab"]),
            take_over=body["take"],
            at=now,
        )
    return jsonify({"epoch": held.epoch, "is_mine": held.is_mine})


def holder_of(tab: object) -> str:
    """Who asks for the pen: a window by its random name; without a script that names it, the whole sign-in."""
    if not tab:
        return name_holder(f"sign-in:{current_user.sign_in_id}")
    if not isinstance(tab, str) or not re.fullmatch(r"[0-9A-Za-z-]{16,64}", tab, re.ASCII):
        raise Invalid(_("tab must be 16 to 64 letters, digits or hyphens, chosen at random."))
    return name_holder(f"tab:{tab}")
