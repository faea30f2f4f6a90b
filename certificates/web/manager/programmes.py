"""Programmes as managers look after them: a test, a tier, cohorts, and the terms on which they take it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.operations.programmes import change_programme, make_programme
from certificates.queries.programmes import get_programme, list_programmes
from certificates.web.manager.programme_form import NewProgrammeForm, ProgrammeForm, form_of
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from lms import clock
from lms.errors import Conflict
from lms.web.transactions import reading, transaction


@workspace.get("/programmes/")
@MANAGERS
def programmes() -> ResponseReturnValue:
    """Every programme, and the form for another."""
    with reading() as session:
        return _list(session, NewProgrammeForm(formdata=None).with_choices(session))


@workspace.post("/programmes/")
@MANAGERS
def start_programme() -> ResponseReturnValue:
    """Make another programme."""
    form = NewProgrammeForm()
    with reading() as session:
        if not form.with_choices(session).validate():
            return _list(session, form), 422
    try:
        with transaction() as session:
            make_programme(
                session, slug=form.slug.data or "", terms=form.terms(), actor_id=current_user.id, at=clock.now()
            )
    except Conflict as refusal:
        form.slug.errors = [str(refusal)]
        with reading() as session:
            return _list(session, form), 422
    flash(_("The programme is made."), "success")
    return redirect(url_for(".programme", slug=form.slug.data), 303)


@workspace.get("/programmes/<slug>/")
@MANAGERS
def programme(slug: str) -> ResponseReturnValue:
    with reading() as session:
        shown = get_programme(session, slug)
        return _page(session, slug, form_of(shown, session))


@workspace.post("/programmes/<slug>/")
@MANAGERS
def save_programme(slug: str) -> ResponseReturnValue:
    """Change a programme; attempts that are open go on."""
    form = ProgrammeForm()
    with reading() as session:
        shown = get_programme(session, slug)
        if not form.with_choices(session).validate():
            return _page(session, slug, form), 422
    with transaction() as session:
        change_programme(session, programme_id=shown.id, terms=form.terms(), actor_id=current_user.id, at=clock.now())
    flash(_("The programme is changed. Attempts that are open go on as they are."), "success")
    return redirect(url_for(".programme", slug=slug), 303)


def _list(session: Session, form: NewProgrammeForm) -> str:
    return render_template(
        "certificates/manager/programmes.html",
        programmes=list_programmes(session),
        form=form,
        may_change=may_change(),
    )


def _page(session: Session, slug: str, form: ProgrammeForm) -> str:
    return render_template(
        "certificates/manager/programme.html",
        programme=get_programme(session, slug),
        form=form,
        may_change=may_change(),
    )
