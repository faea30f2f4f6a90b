"""Where a holder opens a portfolio, chooses what stands in it, and closes it again."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from certificates.domain.contents import CertificateView
from certificates.domain.portfolio_address import proposed, tidied
from certificates.operations import sharing
from certificates.queries.certificates import list_certificates
from certificates.queries.sharing import find_own_portfolio, list_shared
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.pictures import public_address
from certificates.web.standings import Words, in_words
from lms import clock
from lms.errors import Conflict, Invalid
from lms.web.forms import Form
from lms.web.transactions import reading, transaction

LONGEST_HEADLINE = 200


def _one_line(typed: str | None) -> str:
    return " ".join((typed or "").split())


class PortfolioForm(Form):
    """The portfolio but for the certificates in it, of which there are as many as the holder has."""

    address = StringField(
        _l("Address"),
        [DataRequired(message=_l("Choose an address.")), Length(max=200, message=_l("Use at most 40 characters."))],
        filters=[lambda typed: tidied(typed or "")],
    )
    headline = StringField(
        _l("Headline"),
        [Length(max=LONGEST_HEADLINE, message=_l("Use at most %(longest)s characters.", longest=LONGEST_HEADLINE))],
        filters=[_one_line],
    )
    shows_practice = BooleanField(_l("Show how much I practised, and how often I was right at the first try"))


@dataclass(frozen=True, slots=True)
class Offered:
    """A certificate that can stand in the portfolio, and how it is ticked."""

    certificate: CertificateView
    words: Words
    is_shown: bool
    has_scores: bool


@certificates_holder.get("/me/portfolio")
@ANYBODY
def portfolio() -> ResponseReturnValue:
    """The portfolio as it is, or a proposal."""
    with reading() as session:
        kept = find_own_portfolio(session, person_id=current_user.id)
        shared = list_shared(session, person_id=current_user.id).values()
        shown = {one.certificate.id for one in shared if one.is_in_portfolio}
        scored = {one.certificate.id for one in shared if one.shows_scores}
        form = (
            PortfolioForm(address=kept.address, headline=kept.headline, shows_practice=kept.shows_practice)
            if kept
            else PortfolioForm(address=proposed(current_user.name))
        )
        return _page(session, form, shown, scored)


@certificates_holder.post("/me/portfolio")
@ANYBODY
def keep_portfolio() -> ResponseReturnValue:
    """Open or change it; when something does not fit, the page comes again with everything as it was typed."""
    form = PortfolioForm()
    shown, scored = set(request.form.getlist("show")), set(request.form.getlist("scores"))
    if form.validate():
        draft = sharing.PortfolioDraft(
            address=form.address.data or "",
            headline=form.headline.data or "",
            shows_practice=bool(form.shows_practice.data),
            certificate_ids=frozenset(shown),
            with_scores=frozenset(scored),
        )
        try:
            with transaction() as session:
                sharing.keep_portfolio(session, person_id=current_user.id, draft=draft, at=clock.now())
        except (Invalid, Conflict) as refusal:
            form.address.errors = [str(refusal)]
        else:
            flash(_("Your portfolio is open. Anybody can read it."), "success")
            return redirect(url_for(".portfolio"), 303)
    with reading() as session:
        return _page(session, form, shown, scored), 422


@certificates_holder.post("/me/portfolio/close")
@ANYBODY
def close_portfolio() -> ResponseReturnValue:
    """Take it away."""
    with transaction() as session:
        sharing.close_portfolio(session, person_id=current_user.id, at=clock.now())
    flash(_("Your portfolio is closed. Whoever has its address finds nothing there."), "success")
    return redirect(url_for(".portfolio"), 303)


def _page(session: Session, form: PortfolioForm, shown: set[str], scored: set[str]) -> str:
    now, person_id = clock.now(), current_user.id
    kept = find_own_portfolio(session, person_id=person_id)
    offered = [
        Offered(one, in_words(one.standing(now)), one.id in shown, one.id in scored)
        for one in list_certificates(session, person_id=person_id)
    ]
    return render_template(
        "certificates/holder/portfolio.html",
        form=form,
        kept=kept,
        offered=offered,
        address=kept and public_address("certificates_public.portfolio", address=kept.address),
        prefix=public_address("certificates_public.portfolio", address="x").partition("://")[2][:-1],
    )
