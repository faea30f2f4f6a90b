"""Tiers as managers look after them: the list, another one, what one says, and its versions."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.domain.requirement_json import parse_requirement
from certificates.domain.requirement_words import describe
from certificates.operations.tiers import change_tier, make_tier
from certificates.queries.tier_changes import list_versions
from certificates.queries.tiers import TierView, achievement_names, list_tiers
from certificates.web.manager.tier_form import NewTierForm, TierForm, form_of
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from lms import clock
from lms.errors import Conflict, NotFound
from lms.web.transactions import reading, transaction


@workspace.get("/tiers/")
@MANAGERS
def tiers() -> ResponseReturnValue:
    """Every tier of the organisation, with what it asks for in a sentence."""
    with reading() as session:
        names = achievement_names(session)
        shown = [(tier, describe(tier.terms.requirement, names) if tier.terms else "") for tier in list_tiers(session)]
    return render_template("certificates/manager/tiers.html", tiers=shown, may_change=may_change())


@workspace.get("/tiers/new")
@MANAGERS
def new_tier() -> ResponseReturnValue:
    return render_template("certificates/manager/new_tier.html", form=NewTierForm(formdata=None))


@workspace.post("/tiers/new")
@MANAGERS
def add_tier() -> ResponseReturnValue:
    """Make a tier; what it asks for comes next."""
    form = NewTierForm()
    if not form.validate():
        return render_template("certificates/manager/new_tier.html", form=form), 422
    try:
        with transaction() as session:
            make_tier(session, slug=form.slug.data or "", terms=form.terms(), actor_id=current_user.id, at=clock.now())
    except Conflict as refusal:
        form.slug.errors = [str(refusal)]
        return render_template("certificates/manager/new_tier.html", form=form), 422
    flash(_("The tier is made. Now say what it asks for; until then it is only announced."), "success")
    return redirect(url_for(".requirement", slug=form.slug.data), 303)


@workspace.get("/tiers/<slug>/")
@MANAGERS
def tier(slug: str) -> ResponseReturnValue:
    """One tier: what it says, what it asks for, and what it asked for before."""
    with reading() as session:
        shown = own_tier(session, slug)
        return _page(session, shown, form_of(shown))


@workspace.post("/tiers/<slug>/")
@MANAGERS
def save_tier(slug: str) -> ResponseReturnValue:
    """Change what a tier says; what it asks for is changed by a version."""
    form = TierForm()
    with reading() as session:
        shown = own_tier(session, slug)
        if not form.validate():
            return _page(session, shown, form), 422
    with transaction() as session:
        change_tier(session, tier_id=shown.id, terms=form.terms(), actor_id=current_user.id, at=clock.now())
    flash(_("The tier is changed. What it asks for is as before."), "success")
    return redirect(url_for(".tier", slug=slug), 303)


def own_tier(session: Session, slug: str) -> TierView:
    """A tier of the organisation. Raises NotFound."""
    found = next((tier for tier in list_tiers(session) if tier.slug == slug), None)
    if found is None:
        raise NotFound(_("There is no such tier."))
    return found


def _page(session: Session, shown: TierView, form: TierForm) -> str:
    names = achievement_names(session)
    versions = list_versions(session, shown.id)
    return render_template(
        "certificates/manager/tier.html",
        tier=shown,
        sentence=describe(shown.terms.requirement, names) if shown.terms else "",
        versions=[(one, describe(parse_requirement(one.requirement), names)) for one in versions],
        form=form,
        may_change=may_change(),
    )
