"""The forms of API keys: what a new one may do and for how long, and for how long a replaced one lives on."""

from datetime import timedelta

from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined]  # the published types do not know SelectChoice yet
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length

from lms.api.scopes import SENTENCES
from lms.web.forms import Form

LIVES = [
    SelectChoice("30", _("30 days")),
    SelectChoice("90", _("90 days")),
    SelectChoice("365", _("One year")),
    SelectChoice("730", _("Two years")),
]
RATES = [
    SelectChoice("60", _("60 calls a minute")),
    SelectChoice("600", _("600 calls a minute")),
    SelectChoice("1200", _("1,200 calls a minute")),
    SelectChoice("6000", _("6,000 calls a minute")),
    SelectChoice("60000", _("60,000 calls a minute")),
]
OVERLAPS = [
    SelectChoice("0", _("It ends at once")),
    SelectChoice("1", _("One hour")),
    SelectChoice("24", _("One day")),
    SelectChoice("168", _("One week")),
    SelectChoice("720", _("30 days")),
]


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class KeyForm(Form):
    """A new key."""

    name = StringField(
        _("What is it for?"),
        [
            DataRequired(message=_("Name the key, so that you know later which one to end.")),
            Length(max=100, message=_("Use at most 100 characters.")),
        ],
        filters=[_trimmed],
        render_kw={"maxlength": 100},
    )
    scopes = SelectMultipleField(
        _("What may it do?"),
        [DataRequired(message=_("Tick at least one thing that the key may do."))],
        choices=[SelectChoice(scope.value, sentence) for scope, sentence in SENTENCES.items()],
    )
    days = SelectField(_("How long does it hold?"), choices=LIVES, default="365")
    rate = SelectField(_("How often may it call?"), choices=RATES, default="1200")

    @property
    def life(self) -> timedelta:
        return timedelta(days=int(self.days.data))


class RotationForm(Form):
    """How long the old key lives on."""

    hours = SelectField(_("How long does the old key live on?"), choices=OVERLAPS, default="24")

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=int(self.hours.data))
