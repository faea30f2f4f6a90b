"""Somebody's work as their organisation may see it: figures, what was decided, and a suspension by hand."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.domain.life_cycle import LONGEST_REASON
from certificates.operations.sanctions import Decider, impose_sanction
from certificates.queries.quality_rules import list_rules, worked_tiers
from certificates.queries.sanctions import list_proposals, list_sanctions
from certificates.queries.work_quality import list_latest, list_quality, list_watched
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from certificates.web.quality_words import proposal_in_words, sanction_in_words, what_is_closed
from lms import clock
from lms.accounts.people import get_member
from lms.errors import Invalid, NotFound, Refusal, status_of
from lms.members.consents import ConsentScope, has_consent
from lms.web.application import settings_of
from lms.web.transactions import reading, transaction

ALL_TIERS = "*"  # as the form sends it; no tier's short name has such a character


@workspace.get("/quality/people/<uuid:person_id>")
@MANAGERS
def work_of_person(person_id: UUID) -> ResponseReturnValue:
    """Without consent, figures are not shown; decisions are the organisation's own."""
    with reading() as session:
        return _page(session, person_id)


@workspace.post("/quality/people/<uuid:person_id>")
@MANAGERS
def suspend_by_hand(person_id: UUID) -> ResponseReturnValue:
    """Close a tier to the person, or all of them; a refusal keeps what was typed."""
    tier, reason = request.form.get("tier", ""), request.form.get("reason", "")
    try:
        with transaction() as session:
            impose_sanction(
                session,
                person_id=get_member(session, person_id=person_id).id,
                tier_id=_chosen(session, tier),
                reason=reason,
                by=Decider(current_user.id),
                base_url=settings_of(current_app).base_url,
                at=clock.now(),
            )
    except NotFound:
        raise
    except Refusal as refusal:
        with reading() as session:
            return _page(session, person_id, str(refusal), tier, reason), status_of(type(refusal))
    flash(_("Suspended. The person reads the reason and may appeal within 30 days."), "success")
    return redirect(url_for(".work_of_person", person_id=person_id), 303)


def _chosen(session: Session, tier: str) -> UUID | None:
    if tier == ALL_TIERS:
        return None
    found = worked_tiers(session, [tier])
    if tier not in found:
        raise Invalid(_("Choose from what the person is suspended."))
    return found[tier].id


def _page(session: Session, person_id: UUID, message: str = "", tier: str = "", reason: str = "") -> str:
    person = get_member(session, person_id=person_id)
    is_shown = has_consent(session, person_id=person_id, scope=ConsentScope.QUALITY)
    return render_template(
        "certificates/manager/quality_person.html",
        person=person,
        is_shown=is_shown,
        quality=list_quality(session, person_id=person_id) if is_shown else [],
        watched=list_watched(session, person_id=person_id) if is_shown else [],
        latest=list_latest(session, person_id=person_id) if is_shown else [],
        proposals=list_proposals(session, person_id=person_id),
        sanctions=list_sanctions(session, person_id=person_id),
        tiers=[line for line in list_rules(session) if not line.is_announced],
        outcomes=proposal_in_words,
        states=sanction_in_words,
        closed=what_is_closed,
        may_suspend=may_change() and person_id != current_user.id,
        every_tier=ALL_TIERS,
        longest=LONGEST_REASON,
        message=message,
        tier=tier,
        reason=reason,
    )
