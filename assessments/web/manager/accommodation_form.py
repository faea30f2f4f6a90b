"""The form of an accommodation: time in percent, minutes of breaks, or no limit, and a note for managers."""

from typing import Any, Self

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from assessments.domain.deadlines import MOST_PERCENT, Allowance
from assessments.models.accommodations import Accommodation
from assessments.operations.accommodating import LONGEST_NOTE, MOST_BREAK_MINUTES
from lms.web.forms import Form

_percent = _("Enter a whole number from 100 to %(most)s.", most=MOST_PERCENT)
_minutes = _("Enter a whole number from 0 to %(most)s.", most=MOST_BREAK_MINUTES)


class WholeNumber(IntegerField):
    """A number that keeps what was typed instead of it; the validators say what was expected."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class AccommodationForm(Form):
    time_percent = WholeNumber(
        _("Time, in percent of the limit"),
        [InputRequired(message=_percent), NumberRange(100, MOST_PERCENT, message=_percent)],
        default=100,
    )
    break_minutes = WholeNumber(
        _("Breaks, in minutes a test"),
        [InputRequired(message=_minutes), NumberRange(0, MOST_BREAK_MINUTES, message=_minutes)],
        default=0,
    )
    is_unlimited = BooleanField(_("No time limit"))
    note = TextAreaField(
        _("Note"),
        [Length(max=LONGEST_NOTE, message=_("Use at most %(most)s characters.", most=LONGEST_NOTE))],
    )

    @classmethod
    def of(cls, granted: Accommodation | None) -> Self:
        """The form filled with what is in force."""
        if granted is None:
            return cls(formdata=None)
        return cls(
            formdata=None,
            time_percent=granted.time_percent,
            break_minutes=granted.break_minutes,
            is_unlimited=granted.is_unlimited,
            note=granted.note,
        )

    @property
    def allowance(self) -> Allowance:
        """What a valid form grants."""
        return Allowance(self.time_percent.data or 100, (self.break_minutes.data or 0) * 60, self.is_unlimited.data)

    @property
    def typed_note(self) -> str:
        return (self.note.data or "").replace("\r\n", "\n").strip()

    def validate_time_percent(self, field: IntegerField) -> None:
        if self.allowance == Allowance():
            raise ValidationError(
                _("This grants nothing. Give more than 100 percent, minutes for breaks, or no time limit.")
            )
