"""What a pass of each test certifies, as managers state it: the list, one with its versions, another version."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.queries.tests import get_test
from certificates.domain.validity import RENEWAL_MONTHS
from certificates.operations.achievements import publish_by_hand
from certificates.queries.achievement_versions import list_achievement_versions, list_certifying
from certificates.web.manager.achievement_form import AchievementForm, form_of
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from lms import clock
from lms.errors import Conflict, Invalid
from lms.web.transactions import reading, transaction


@workspace.get("/achievements/")
@MANAGERS
def achievements() -> ResponseReturnValue:
    """Every test of the organisation, and the certificate that a pass earns."""
    with reading() as session:
        shown = list_certifying(session)
    return render_template("certificates/manager/achievements.html", tests=shown)


@workspace.get("/achievements/<slug>/")
@MANAGERS
def achievement(slug: str) -> ResponseReturnValue:
    """What a pass of one test certifies, and what it certified before."""
    with reading() as session:
        get_test(session, slug)
        return _page(session, slug)


@workspace.post("/achievements/<slug>/")
@MANAGERS
def publish_achievement_version(slug: str) -> ResponseReturnValue:
    """Publish another version; certificates that were issued keep theirs."""
    form = AchievementForm()
    with reading() as session:
        get_test(session, slug)
        if not form.validate():
            return _page(session, slug, form), 422
    try:
        with transaction() as session:
            number = publish_by_hand(
                session,
                draft=form.draft(slug),
                based_on=form.seen,
                reason=form.reason.data or "",
                actor_id=current_user.id,
                at=clock.now(),
            )
    except (Conflict, Invalid) as refusal:
        return _refused(slug, form, refusal)
    flash(_("Version %(number)s is what a pass certifies from now on.", number=number), "success")
    return redirect(url_for(".achievement", slug=slug), 303)


def _refused(slug: str, form: AchievementForm, refusal: Conflict | Invalid) -> ResponseReturnValue:
    """The page with what was typed; after a conflict it builds on the version that it shows."""
    with reading() as session:
        if isinstance(refusal, Invalid):
            return _page(session, slug, form, str(refusal)), 422
        versions = list_achievement_versions(session, slug)
        form.based_on.data = next((str(one.number) for one in versions if one.is_current), "0")
        return _page(session, slug, form, str(refusal)), 409


def _page(session: Session, slug: str, form: AchievementForm | None = None, message: str = "") -> str:
    versions = list_achievement_versions(session, slug)
    current = next((one for one in versions if one.is_current), None)
    return render_template(
        "certificates/manager/achievement.html",
        test=get_test(session, slug),
        present=current,
        versions=versions,
        form=form or form_of(current),
        message=message,
        may_change=may_change(),
        renewal_months=RENEWAL_MONTHS,
    )
