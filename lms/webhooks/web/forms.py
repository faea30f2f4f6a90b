"""The forms of webhooks: an endpoint with the events that it is sent, and the instant since which is sent again."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, Field, HiddenField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.errors import Invalid
from lms.web.forms import Form
from lms.webhooks.addresses import LONGEST_URL
from lms.webhooks.changing import Terms
from lms.webhooks.event_types import EventTypes
from lms.webhooks.web.blueprint import outbound

_SHAPE = _("Enter a date and a time, such as 2026-11-21 09:00.")


def _trimmed(value: str | None) -> str | None:
    return value.strip() if value else value


def _is_open(form: "EndpointForm", field: Field) -> None:
    if field.data == form.kept_url:
        return
    try:
        outbound().check(field.data)
    except Invalid as refusal:
        raise ValidationError(str(refusal)) from None
    except OSError:
        raise ValidationError(_("The name in this address was not found in time. Try again.")) from None


class EndpointForm(Form):
    """What managers enter of a webhook, a new one or one that there is."""

    kept_url = ""  # the address that it has; it was checked when it was entered, and is at every try
    url = StringField(
        _("Address of the receiver"),
        [
            DataRequired(message=_("Enter the address to which events are sent.")),
            Length(max=LONGEST_URL, message=_("Use at most %(longest)s characters.", longest=LONGEST_URL)),
            _is_open,
        ],
        filters=[_trimmed],
    )
    description = StringField(
        _("What it is for"), [Length(max=200, message=_("Use at most 200 characters."))], filters=[_trimmed]
    )
    event_types = SelectMultipleField(
        _("Events"),
        [InputRequired(message=_("Choose at least one event."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, types: EventTypes) -> None:
        """The events that there are."""
        self.event_types.choices = [(each.name, each.sentence) for each in types]

    def terms(self) -> Terms:
        """What was entered."""
        return Terms.of(self.url.data or "", self.description.data or "", self.event_types.data or [])


class ChangeForm(EndpointForm):
    """The same for a webhook that there is."""

    seen = HiddenField()  # the mark of the terms that the page showed


class InstantField(DateTimeLocalField):
    """A date and a time; of anything else it is said how one looks."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_SHAPE) from None


class SinceForm(Form):
    since = InstantField(
        _("Since, in UTC"),
        [InputRequired(message=_SHAPE)],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def instant(self) -> datetime:
        """What was entered, as an instant."""
        assert self.since.data is not None, "asked after the form was found good"
        return self.since.data.replace(tzinfo=UTC)
