"""The form of what a pass certifies, with the limits that files have: a certificate is one page."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from assessments.web.manager.accommodation_form import WholeNumber
from certificates.adapters.catalogue import LONGEST_PASSAGE, LONGEST_TITLE, MOST_MONTHS
from certificates.operations.publishing import AchievementDraft
from certificates.queries.achievement_versions import VersionLine
from certificates.web.manager.programme_form import one_line
from lms.web.forms import Form

LONGEST_REASON = 1000
USUAL_MONTHS = 24
_months = _("Enter a whole number of months from 1 to %(most)s.", most=MOST_MONTHS)
_passage = Length(max=LONGEST_PASSAGE, message=_("Use at most %(most)s characters.", most=LONGEST_PASSAGE))


def passage(value: str | None) -> str:
    """What was typed into a field of several lines."""
    return (value or "").replace("\r\n", "\n").strip()


class AchievementForm(Form):
    name = StringField(
        _("Name of the certificate"),
        [
            DataRequired(_("Give the certificate a name.")),
            Length(max=LONGEST_TITLE, message=_("Use at most %(most)s characters.", most=LONGEST_TITLE)),
        ],
        filters=[one_line],
    )
    description = TextAreaField(
        _("What its holders can do"),
        [DataRequired(_("Say what somebody who passed can do.")), _passage],
        filters=[passage],
    )
    criteria = TextAreaField(
        _("What it is earned by"),
        [DataRequired(_("Say what has to be done to earn it.")), _passage],
        filters=[passage],
    )
    validity_months = WholeNumber(
        _("Valid for, in months"), [InputRequired(_months), NumberRange(1, MOST_MONTHS, message=_months)]
    )
    reason = TextAreaField(
        _("Reason"),
        [
            DataRequired(_("Say in a sentence why; it stands beside the version.")),
            Length(max=LONGEST_REASON, message=_("Use at most %(most)s characters.", most=LONGEST_REASON)),
        ],
        filters=[passage],
    )
    based_on = HiddenField()

    def draft(self, slug: str) -> AchievementDraft:
        """What a valid form says."""
        return AchievementDraft(
            slug=slug,
            name=self.name.data or "",
            description=self.description.data or "",
            criteria=self.criteria.data or "",
            validity_months=self.validity_months.data or 1,
        )

    @property
    def seen(self) -> int:
        """The number of the version that was looked at; 0 for none."""
        typed = self.based_on.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def form_of(current: VersionLine | None) -> AchievementForm:
    """The form filled with what holds now, or empty but for the usual time."""
    if current is None:
        return AchievementForm(formdata=None, validity_months=USUAL_MONTHS, based_on="0")
    return AchievementForm(
        formdata=None,
        name=current.name,
        description=current.description,
        criteria=current.criteria,
        validity_months=current.validity_months,
        based_on=str(current.number),
    )
