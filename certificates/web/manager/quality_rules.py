"""What tiers expect of the work in them: a list, and the form of one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from certificates.operations.quality_rules import set_quality_rule
from certificates.queries.quality_rules import get_rule, list_rules
from certificates.web.manager.quality_rule_form import QualityRuleForm, form_of
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from lms import clock
from lms.errors import Invalid
from lms.web.transactions import reading, transaction


@workspace.get("/quality/tiers/")
@MANAGERS
def quality_rules() -> ResponseReturnValue:
    """Every tier with its floor."""
    with reading() as session:
        return render_template("certificates/manager/quality_rules.html", lines=list_rules(session))


@workspace.get("/quality/tiers/<slug>")
@MANAGERS
def quality_rule(slug: str) -> ResponseReturnValue:
    """What one tier expects."""
    with reading() as session:
        _tier, rule = get_rule(session, slug)
        return _page(session, slug, form_of(rule))


@workspace.post("/quality/tiers/<slug>")
@MANAGERS
def change_quality_rule(slug: str) -> ResponseReturnValue:
    """Set it; a fault is shown at its field, and nothing typed is lost."""
    form = QualityRuleForm()
    is_sound = form.validate()
    if is_sound and form.has_floor.data and form.floor_percent.data is None:
        form.floor_percent.errors = [_("Enter a whole number from 5 to 99.")]
        is_sound = False
    if is_sound:
        try:
            with transaction() as session:
                set_quality_rule(session, tier=slug, draft=form.draft(), by=current_user.id, at=clock.now())
        except Invalid as refusal:
            form.extension_tasks.errors = [str(refusal)]
        else:
            flash(_("What the tier expects of its work is set."), "success")
            return redirect(url_for(".quality_rules"), 303)
    with reading() as session:
        return _page(session, slug, form), 422


def _page(session: Session, slug: str, form: QualityRuleForm) -> str:
    tier, rule = get_rule(session, slug)
    return render_template(
        "certificates/manager/quality_rule.html", tier=tier, rule=rule, form=form, may_change=may_change()
    )
