"""People as managers find them: by name or address, each with the accommodation that holds for their tests."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.deadlines import Allowance
from assessments.models.accommodations import Accommodation
from assessments.models.attempts import AttemptState
from assessments.operations.accommodating import end_accommodation, grant_accommodation
from assessments.queries.accommodations import allowance_of, find_accommodation, list_accommodations
from assessments.queries.attempts import list_attempts
from assessments.web.candidate.clock_words import granted
from assessments.web.manager.accommodation_form import AccommodationForm
from assessments.web.manager.blueprint import MANAGERS, manager
from lms import clock
from lms.accounts.people import get_member, get_person, search_members
from lms.errors import Conflict, Invalid, NotFound
from lms.web.transactions import reading, transaction

MOST_FOUND = 50


@manager.get("/")
@MANAGERS
def start() -> ResponseReturnValue:
    """Where managers go from here."""
    return render_template("assessments/manager/start.html")


@manager.get("/people/")
@MANAGERS
def people() -> ResponseReturnValue:
    """Who is meant: nobody is listed before something is searched for."""
    text = request.args.get("q", "").strip()[:200]
    with reading() as session:
        found = search_members(session, text=text, most=MOST_FOUND) if text else []
    return render_template(
        "assessments/manager/people.html", text=text, found=found, may_be_more=len(found) == MOST_FOUND
    )


@manager.get("/people/<uuid:person_id>")
@MANAGERS
def person(person_id: UUID) -> ResponseReturnValue:
    with reading() as session:
        in_force = find_accommodation(session, person_id=person_id)
        return _page(session, person_id, AccommodationForm.of(in_force))


@manager.post("/people/<uuid:person_id>/accommodation")
@MANAGERS
def grant(person_id: UUID) -> ResponseReturnValue:
    """Show what it would change; with the second button, grant it."""
    form = AccommodationForm()
    wish = request.form.get("do", "look")
    if wish == "change" or not form.validate():
        with reading() as session:
            return _page(session, person_id, form), 200 if wish == "change" else 422
    if wish != "grant":
        return _confirm(person_id, form)
    try:
        with transaction() as session:
            grant_accommodation(
                session,
                person_id=person_id,
                allowance=form.allowance,
                note=form.typed_note,
                by=current_user.id,
                at=clock.now(),
            )
    except (Invalid, Conflict) as refusal:
        form.time_percent.errors = [str(refusal)]
        with reading() as session:
            return _page(session, person_id, form), 422
    flash(_("The accommodation is granted. It holds for every test from now on, and for what is open."), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@manager.post("/people/<uuid:person_id>/accommodation/end")
@MANAGERS
def end(person_id: UUID) -> ResponseReturnValue:
    """Ask once more; with the second button, end it."""
    if request.form.get("do") != "end":
        with reading() as session:
            in_force = find_accommodation(session, person_id=person_id)
            if in_force is None:
                raise NotFound(_("This person has no accommodation in force."))
            return render_template(
                "assessments/manager/end_accommodation.html",
                person=get_member(session, person_id=person_id),
                words=granted(allowance_of(in_force)),
            )
    with transaction() as session:
        end_accommodation(session, person_id=person_id, by=current_user.id, at=clock.now())
    flash(_("The accommodation is ended. Attempts that are open keep their time."), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


def _page(session: Session, person_id: UUID, form: AccommodationForm) -> str:
    history = list_accommodations(session, person_id=person_id)
    return render_template(
        "assessments/manager/person.html",
        person=get_member(session, person_id=person_id),
        is_oneself=person_id == current_user.id,
        in_force=next((_told(session, each) for each in history if each.ended_at is None), None),
        past=[_told(session, each) for each in history if each.ended_at is not None],
        form=form,
    )


def _told(session: Session, each: Accommodation) -> dict[str, object]:
    return {
        "words": granted(allowance_of(each)),
        "note": each.note,
        "granted_at": each.granted_at,
        "granted_by": get_person(session, person_id=each.granted_by).name,
        "ended_at": each.ended_at,
        "ended_by": get_person(session, person_id=each.ended_by).name if each.ended_by else "",
    }


def _confirm(person_id: UUID, form: AccommodationForm) -> str:
    now = clock.now()
    with reading() as session:
        return render_template(
            "assessments/manager/grant_accommodation.html",
            person=get_member(session, person_id=person_id),
            is_oneself=person_id == current_user.id,
            words=granted(form.allowance),
            note=form.typed_note,
            form=form,
            moved=_moved(session, person_id, form.allowance, now),
        )


def _moved(session: Session, person_id: UUID, allowance: Allowance, now: datetime) -> list[dict[str, object]]:
    """The open attempts of the person with their deadlines before and after."""
    attempts = [
        attempt
        for attempt in list_attempts(session, person_id=person_id)
        if attempt.state is AttemptState.OPEN and attempt.deadline_at >= now
    ]
    return [
        {
            "title": attempt.test_title,
            "number": attempt.number,
            "before": attempt.deadline_at,
            "after": attempt.clock.granted(allowance).deadline,
        }
        for attempt in attempts
    ]
