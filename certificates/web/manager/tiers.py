"""Tiers as managers look after them: the list, another one, what one says, and its versions."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.domain.requirement_json import parse_requirement
from certificates.domain.requirement_words import describe
from certificates.operations.tier_withdrawals import LONGEST_REASON, SHORTEST_REASON
from certificates.operations.tiers import change_tier, make_tier
from certificates.queries.tier_changes import VersionLine, list_versions
from certificates.queries.tier_withdrawals import WithdrawnTier, find_withdrawn, list_withdrawn
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
        withdrawn = list_withdrawn(session)
    return render_template("certificates/manager/tiers.html", tiers=shown, withdrawn=withdrawn, may_change=may_change())


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
    """One tier: what it says, what it asks for, and what it asked for before; also of one that was withdrawn."""
    with reading() as session:
        withdrawn = find_withdrawn(session, slug)
        if withdrawn is not None:
            return withdrawn_page(session, withdrawn)
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


def withdrawn_page(session: Session, shown: WithdrawnTier, *, reason: str = "", message: str = "") -> str:
    """The page of a tier that is offered no more, from which it can be offered again."""
    return render_template(
        "certificates/manager/withdrawn_tier.html",
        tier=shown,
        versions=_versions(session, shown.id),
        may_change=may_change(),
        reason=reason,
        message=message,
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
    )


def _page(session: Session, shown: TierView, form: TierForm) -> str:
    names = achievement_names(session)
    return render_template(
        "certificates/manager/tier.html",
        tier=shown,
        sentence=describe(shown.terms.requirement, names) if shown.terms else "",
        versions=_versions(session, shown.id),
        form=form,
        may_change=may_change(),
    )


def _versions(session: Session, tier_id: UUID) -> list[tuple[VersionLine, str]]:
    """Each version with what it asks for in a sentence."""
    names = achievement_names(session)
    return [(one, describe(parse_requirement(one.requirement), names)) for one in list_versions(session, tier_id)]
