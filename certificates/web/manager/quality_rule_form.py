"""The form of what a tier expects of the work in it."""

from fractions import Fraction

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from assessments.web.manager.accommodation_form import WholeNumber
from certificates.domain.outcomes import MOST_A_DAY
from certificates.models.work_quality import QualityRule
from certificates.operations.quality_rules import HIGHEST_BOUND, RuleDraft
from certificates.web.manager.programme_form import one_line
from lms.web.forms import Form

SKILL = r"^[a-z0-9]([a-z0-9_-]{0,58}[a-z0-9])?$"
LOWEST, HIGHEST = 5, 99  # percent
_floor = _("Enter a whole number from 5 to 99.")
_bound = _("Enter a whole number from 1 to %(most)s.", most=HIGHEST_BOUND)


class QualityRuleForm(Form):
    has_floor = BooleanField(_("Watch the work against a floor"))
    floor_percent = WholeNumber(_("Floor in percent"), [Optional(), NumberRange(LOWEST, HIGHEST, message=_floor)])
    skill = StringField(
        _("Skill"),
        [
            Optional(),
            Length(max=60, message=_("Use at most 60 characters.")),
            Regexp(SKILL, message=_("Enter the short name of the skill, as platforms send it.")),
        ],
        filters=[one_line],
    )
    most_a_day = WholeNumber(
        _("Outcomes of one person on one day, at most"),
        [InputRequired(_bound), NumberRange(1, HIGHEST_BOUND, message=_bound)],
    )
    extension_tasks = WholeNumber(
        _("First answers that extend a certificate"),
        [Optional(), NumberRange(1, HIGHEST_BOUND, message=_bound)],
    )

    def draft(self) -> RuleDraft:
        """What a valid form says. Without a floor nothing is watched and nothing is earned."""
        percent = self.floor_percent.data if self.has_floor.data else None
        return RuleDraft(
            skill=self.skill.data or None,
            floor=None if percent is None else Fraction(percent, 100),
            most_a_day=self.most_a_day.data or MOST_A_DAY,
            extension_tasks=self.extension_tasks.data,
        )


def form_of(rule: QualityRule | None) -> QualityRuleForm:
    """The form filled with what holds now."""
    if rule is None:
        return QualityRuleForm(formdata=None, has_floor=False, most_a_day=MOST_A_DAY)
    return QualityRuleForm(
        formdata=None,
        has_floor=rule.floor is not None,
        floor_percent=int(rule.floor * 100) if rule.floor is not None else None,
        skill=rule.skill or "",
        most_a_day=rule.most_a_day,
        extension_tasks=rule.extension_tasks,
    )
