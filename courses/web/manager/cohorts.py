"""Cohorts as managers look after them: made, changed, and who belongs to them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from courses.operations.cohorts import add_member, change_cohort, make_cohort, remove_member
from courses.queries.cohorts import get_cohort, list_cohorts, list_members, list_strangers
from courses.queries.courses import list_courses
from courses.web.manager.blueprint import CHANGING, MANAGERS, courses_manager
from courses.web.manager.cohort_form import CohortForm, NewCohortForm, form_of
from lms import clock
from lms.accounts.people import search_members
from lms.errors import Conflict
from lms.web.transactions import reading, transaction

MOST_FOUND = 20
_LONGEST = 200  # characters of a search that are looked at


@courses_manager.get("/")
@MANAGERS
def cohorts() -> ResponseReturnValue:
    """Every cohort, and the form for another."""
    with reading() as session:
        return _list(session, NewCohortForm(formdata=None))


@courses_manager.post("/")
@MANAGERS
def make() -> ResponseReturnValue:
    form = NewCohortForm()
    with reading() as session:
        form.with_courses(list_courses(session))
        if not form.validate():
            return _list(session, form), 422
    try:
        with transaction() as session:
            make_cohort(
                session, slug=form.slug.data or "", terms=form.terms(), actor_id=current_user.id, at=clock.now()
            )
    except Conflict as refusal:
        form.slug.errors = [str(refusal)]
        with reading() as session:
            return _list(session, form), 422
    flash(_("The cohort is made. Add its members now, or invite people with its short name."), "success")
    return redirect(url_for(".cohort", slug=form.slug.data), 303)


@courses_manager.get("/<slug>/")
@MANAGERS
def cohort(slug: str) -> ResponseReturnValue:
    """One cohort: what it is, who belongs to it, and who could."""
    with reading() as session:
        return _page(session, slug)


@courses_manager.post("/<slug>/")
@MANAGERS
def change(slug: str) -> ResponseReturnValue:
    form = CohortForm()
    with reading() as session:
        shown = get_cohort(session, slug)
        form.with_courses(list_courses(session))
        if not form.validate():
            return _page(session, slug, form), 422
    with transaction() as session:
        change_cohort(session, cohort_id=shown.id, terms=form.terms(), actor_id=current_user.id, at=clock.now())
    flash(_("The cohort is changed."), "success")
    return redirect(url_for(".cohort", slug=slug), 303)


@courses_manager.post("/<slug>/members/<uuid:person_id>")
@MANAGERS
def belong(slug: str, person_id: UUID) -> ResponseReturnValue:
    """Add somebody, or let them go, as the pressed button says."""
    is_removal = request.form.get("do") == "remove"
    with transaction() as session:
        (remove_member if is_removal else add_member)(
            session,
            cohort_id=get_cohort(session, slug).id,
            person_id=person_id,
            actor_id=current_user.id,
            at=clock.now(),
        )
    flash(_("Removed from the cohort; results stay.") if is_removal else _("Added to the cohort."), "success")
    return redirect(url_for(".cohort", slug=slug, q=request.form.get("q") or None), 303)


def _list(session: Session, form: NewCohortForm) -> str:
    if form.course.choices is None:
        form.with_courses(list_courses(session))
    return render_template(
        "courses/manager/cohorts.html", cohorts=list_cohorts(session), form=form, at=clock.now(), may_change=_may()
    )


def _page(session: Session, slug: str, form: CohortForm | None = None) -> str:
    shown = get_cohort(session, slug)
    text = request.args.get("q", "").strip()[:_LONGEST]
    found = search_members(session, text=text, most=MOST_FOUND) if text and _may() else []
    strangers = list_strangers(session, shown.id, [person.id for person in found]) if found else frozenset()
    after = request.args.get("after", type=UUID)
    return render_template(
        "courses/manager/cohort.html",
        cohort=shown,
        form=form or form_of(shown, list_courses(session)),
        page=list_members(session, shown.id, after=after),
        is_first=after is None,
        text=text,
        found=[(person, person.id in strangers) for person in found],
        may_be_more=len(found) == MOST_FOUND,
        may_change=_may(),
    )


def _may() -> bool:
    return bool(CHANGING & current_user.roles)
