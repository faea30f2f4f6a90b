"""The form of a tier: what the work is, in which languages, and what it pays."""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined]  # the published types do not know SelectChoice yet
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from assessments.web.manager.accommodation_form import WholeNumber
from certificates.operations.tiers import TierTerms
from certificates.queries.tiers import TierView
from certificates.web.manager.programme_form import SLUG, one_line
from lms.web.forms import Form

MOST_PAY = 100_000
MOST_LANGUAGES = 20
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_pay = _("Enter a whole number from 1 to %(most)s.", most=MOST_PAY)
_short = Length(max=120, message=_("Use at most 120 characters."))


class TierForm(Form):
    title = StringField(_("Name"), [DataRequired(_("Give the tier a name.")), _short], filters=[one_line])
    domain = StringField(_("Field of work"), [DataRequired(_("Say which field it is in.")), _short], filters=[one_line])
    summary = TextAreaField(
        _("What the work is"),
        [DataRequired(_("Say what people do there.")), Length(max=2000, message=_("Use at most 2000 characters."))],
    )
    languages = StringField(_("Languages of the work"), filters=[one_line])
    pay_low = WholeNumber(_("Pay from"), [InputRequired(_pay), NumberRange(1, MOST_PAY, message=_pay)])
    pay_high = WholeNumber(_("Pay up to"), [InputRequired(_pay), NumberRange(1, MOST_PAY, message=_pay)])
    currency = StringField(
        _("Currency"),
        [Regexp(r"^[A-Z]{3}$", message=_("Enter the three letters of a currency, as in USD or EUR."))],
        filters=[lambda value: one_line(value).upper()],
        render_kw={"maxlength": 3},
    )
    per = SelectField(
        _("For each"),
        choices=[
            SelectChoice("hour", _("hour")),
            SelectChoice("task", _("task")),
            SelectChoice("day", _("day")),
            SelectChoice("month", _("month")),
        ],
    )

    def validate_pay_high(self, field: Any) -> None:
        if field.data is not None and self.pay_low.data is not None and field.data < self.pay_low.data:
            raise ValidationError(gettext("The upper end is not below the lower one."))

    def validate_languages(self, field: Any) -> None:
        tags = _tags(field.data)
        wrong = [tag for tag in tags if not _LANGUAGE.fullmatch(tag)]
        if wrong or len(tags) > MOST_LANGUAGES:
            raise ValidationError(gettext("Enter language tags with commas between them, as in en, pt-BR."))

    def terms(self) -> TierTerms:
        """What a valid form says."""
        return TierTerms(
            title=self.title.data or "",
            domain=self.domain.data or "",
            summary=(self.summary.data or "").replace("\r\n", "\n").strip(),
            languages=tuple(dict.fromkeys(_tags(self.languages.data))),
            pay_low=self.pay_low.data or 1,
            pay_high=self.pay_high.data or 1,
            currency=self.currency.data or "",
            per=self.per.data,
        )


class NewTierForm(TierForm):
    slug = StringField(
        _("Short name"),
        [
            DataRequired(_("Give a short name, as in fact-checking.")),
            Length(max=60, message=_("Use at most 60 characters.")),
            Regexp(SLUG, message=_("Use small letters, digits and hyphens between them, as in fact-checking.")),
        ],
        filters=[lambda value: one_line(value).casefold()],
    )


def form_of(tier: TierView) -> TierForm:
    """The form filled with what the tier is."""
    return TierForm(
        formdata=None,
        title=tier.title,
        domain=tier.domain,
        summary=tier.summary,
        languages=", ".join(tier.languages),
        pay_low=tier.pay_low,
        pay_high=tier.pay_high,
        currency=tier.currency,
        per=tier.per,
    )


def _tags(text: str | None) -> list[str]:
    return [tag for tag in (part.strip() for part in (text or "").split(",")) if tag]
