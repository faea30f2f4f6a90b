"""The pages of a calibration: what it asks for, how far one is, and its items, each tried once and told at once."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.operations.calibrating import begin_round, try_gold
from assessments.queries.calibration import (
    CalibrationTerms,
    Round,
    get_calibration,
    get_round,
    list_rounds,
    load_round,
)
from assessments.queries.practice import reasons_of
from assessments.web.calibration_progress import progress_of
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.tried_items import item_facts, tell
from lms import clock
from lms.errors import Conflict, Invalid
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.return_path import sign_path
from lms.web.transactions import reading, transaction

PREFIX = "c-"  # of the names of an item's controls


@candidate.get("/calibrations/<slug>/")
@public
def calibration(slug: str) -> ResponseReturnValue:
    """What the calibration is; for somebody signed in, how far they are in their newest round."""
    person_id: UUID | None = current_user.id if current_user.is_authenticated else None
    with reading() as session:
        terms = get_calibration(session, slug)
        rounds = list_rounds(session, calibration_id=terms.id, person_id=person_id) if person_id else []
        newest = load_round(session, terms, rounds[0], person_id=person_id) if rounds and person_id else None
    return render_template(
        "assessments/candidate/calibration.html",
        terms=terms,
        newest=progress_of(newest) if newest else None,
        rounds=rounds,
        person_id=person_id,
        sign_in_next=sign_path(url_for("assessments_candidate.calibration", slug=slug)),
    )


@candidate.post("/calibrations/<slug>/rounds")
@ANYBODY
@limiter.limit("30 per minute")
def begin(slug: str) -> ResponseReturnValue:
    """Begin a round, or go on with the open one; pressing twice begins once."""
    with transaction() as session:
        number = begin_round(session, slug=slug, person_id=current_user.id, at=clock.now())
    with reading() as session:
        current = get_round(session, get_calibration(session, slug), person_id=current_user.id, number=number)
    return _to_item(slug, number, len(current.tries) + 1)


@candidate.get("/calibrations/<slug>/rounds/<int:number>/items/<int:position>")
@ANYBODY
def calibration_item(slug: str, number: int, position: int) -> ResponseReturnValue:
    """The item at a position: to be tried when it is the next one, explained when it was tried."""
    with reading() as session:
        terms, current = _round(session, slug, number)
        if 1 <= position <= len(current.tries):
            return _tried_page(session, terms, current, position)
    if not current.is_open:
        return redirect(url_for("assessments_candidate.calibration", slug=slug), 303)
    if position != len(current.tries) + 1:
        return _to_item(slug, number, len(current.tries) + 1)
    return _page(terms, current, position, item_facts(current.left[0], prefix=PREFIX))


@candidate.post("/calibrations/<slug>/rounds/<int:number>/items/<int:position>")
@ANYBODY
@limiter.limit("120 per minute")
def try_calibration_item(slug: str, number: int, position: int) -> ResponseReturnValue:
    """The one try of an item; what does not fit is shown again, what comes too late is told so."""
    with reading() as session:
        terms, current = _round(session, slug, number)
    version_id, try_key = _uuid("version_id"), _uuid("try_key")
    typed = _typed(current) if current.is_open and position == len(current.tries) + 1 else {}
    try:
        with transaction() as session:
            try_gold(
                session,
                slug=slug,
                round_number=number,
                position=position,
                version_id=version_id,
                person_id=current_user.id,
                response=typed,
                try_key=try_key,
                at=clock.now(),
            )
    except Invalid as refusal:
        facts = item_facts(current.left[0], prefix=PREFIX, typed=typed, message=str(refusal))
        return _page(terms, current, position, facts), 422
    except Conflict as refusal:
        flash(str(refusal), "warning")
    return redirect(_item_url(slug, number, position) + "#feedback", 303)


def _round(session: Session, slug: str, number: int) -> tuple[CalibrationTerms, Round]:
    terms = get_calibration(session, slug)
    return terms, get_round(session, terms, person_id=current_user.id, number=number)


def _typed(current: Round) -> dict[str, object]:
    item = current.left[0]
    return ITEM_VIEWS[item.type].read_form(item.content, request.form, PREFIX)


def _tried_page(session: Session, terms: CalibrationTerms, current: Round, position: int) -> str:
    made = current.tries[position - 1]
    version = current.versions[made.version_id]
    told = tell(version, made, reasons_of(session, [made])[made.key_id])
    return _page(terms, current, position, item_facts(version, prefix=PREFIX, last=told))


def _page(terms: CalibrationTerms, current: Round, position: int, facts: dict[str, Any]) -> str:
    is_next = position == len(current.tries) + 1
    return render_template(
        "assessments/candidate/calibration_item.html",
        terms=terms,
        progress=progress_of(current),
        position=position,
        version_id=current.left[0].version_id if is_next else None,
        **facts,
    )


def _item_url(slug: str, number: int, position: int) -> str:
    return url_for("assessments_candidate.calibration_item", slug=slug, number=number, position=position)


def _to_item(slug: str, number: int, position: int) -> ResponseReturnValue:
    return redirect(_item_url(slug, number, position), 303)


def _uuid(name: str) -> UUID:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise Invalid(_("The form is incomplete. Reload the page and answer again.")) from None
