"""Withdrawing a tier, after a page that says what that does, and offering a withdrawn one again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.operations.tier_withdrawals import LONGEST_REASON, SHORTEST_REASON, reinstate_tier, withdraw_tier
from certificates.queries.programmes import list_programmes
from certificates.queries.tier_withdrawals import count_open, find_withdrawn
from certificates.queries.tiers import TierView
from certificates.web.manager.tiers import own_tier, withdrawn_page
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from lms import clock
from lms.errors import Invalid, NotFound
from lms.web.transactions import reading, transaction


@workspace.get("/tiers/<slug>/withdrawal")
@MANAGERS
def withdrawal(slug: str) -> ResponseReturnValue:
    """What withdrawing the tier does: to how many people it is open, which programmes lead to it."""
    with reading() as session:
        return _confirmation(session, own_tier(session, slug))


@workspace.post("/tiers/<slug>/withdrawal")
@MANAGERS
def withdraw(slug: str) -> ResponseReturnValue:
    """Close the tier to everybody."""
    reason = request.form.get("reason", "")
    with reading() as session:
        shown = own_tier(session, slug)
    try:
        with transaction() as session:
            count = withdraw_tier(session, tier_id=shown.id, reason=reason, actor_id=current_user.id, at=clock.now())
    except Invalid as refusal:
        with reading() as session:
            return _confirmation(session, shown, reason=reason, message=str(refusal)), 422
    told = ngettext("%(num)d person is told by mail.", "%(num)d people are told by mail.", count)
    flash(_("The tier is withdrawn.") + (f" {told}" if count else ""), "success")
    return redirect(url_for(".tier", slug=slug), 303)


@workspace.post("/tiers/<slug>/reinstatement")
@MANAGERS
def reinstate(slug: str) -> ResponseReturnValue:
    """Offer a withdrawn tier again."""
    reason = request.form.get("reason", "")
    with reading() as session:
        shown = find_withdrawn(session, slug)
    if shown is None:
        raise NotFound(_("There is no such tier."))
    try:
        with transaction() as session:
            reinstate_tier(session, tier_id=shown.id, reason=reason, actor_id=current_user.id, at=clock.now())
    except Invalid as refusal:
        with reading() as session:
            return withdrawn_page(session, shown, reason=reason, message=str(refusal)), 422
    flash(_("The tier is offered again. Those to whom it opens are told by mail."), "success")
    return redirect(url_for(".tier", slug=slug), 303)


def _confirmation(session: Session, shown: TierView, *, reason: str = "", message: str = "") -> str:
    return render_template(
        "certificates/manager/tier_withdrawal.html",
        tier=shown,
        open_to=count_open(session, shown.id),
        programmes=[one for one in list_programmes(session) if one.tier_slug == shown.slug],
        may_change=may_change(),
        reason=reason,
        message=message,
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
    )
