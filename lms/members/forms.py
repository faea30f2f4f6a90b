"""Forms of organisations, their members and invitations; what is typed is kept, each fault stands at its field."""

from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import (  # type: ignore[attr-defined]  # the published types do not know SelectChoice yet
    BooleanField,
    DateField,
    EmailField,
    Field,
    FileField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import URL, DataRequired, Email, InputRequired, Length, NumberRange, Optional, ValidationError

from lms.errors import Invalid
from lms.members.invitation_files import is_address
from lms.members.invitations import MOST_USES
from lms.members.organisations import LONGEST_NAME, checked_organisation_name, checked_slug
from lms.organisations.colours import read_colour
from lms.organisations.logos import LOGO_BYTES, read_logo
from lms.organisations.roles import Role
from lms.web.forms import Form

ROLE_WORDS = {
    Role.CANDIDATE: _("candidate"),
    Role.AUTHOR: _("author"),
    Role.MARKER: _("marker"),
    Role.MANAGER: _("manager"),
    Role.AUDITOR: _("auditor"),
    Role.OPERATOR: _("operator"),
}
_address = [
    DataRequired(message=_("Enter an e-mail address.")),
    Length(max=254, message=_("Use at most 254 characters.")),
    Email(message=_("Enter an address like name@example.org.")),
]


def trimmed(value: str | None) -> str:
    """One line without spaces at its ends."""
    return " ".join((value or "").split())


def role_choices(*roles: Role) -> list[Any]:
    return [SelectChoice(role.value, ROLE_WORDS[role]) for role in roles]


def _fits_as_name(_form: Form, field: Field) -> None:
    try:
        checked_organisation_name(field.data)
    except Invalid as refusal:
        raise ValidationError(str(refusal)) from None


class FoundingForm(Form):
    """An organisation that does not exist yet."""

    name = StringField(_("Name of the organisation"), [_fits_as_name], filters=[trimmed])
    slug = StringField(_("Short name"), filters=[trimmed], render_kw={"maxlength": 60, "spellcheck": "false"})

    def validate_slug(self, field: Any) -> None:
        try:
            checked_slug(field.data)
        except Invalid as refusal:
            raise ValidationError(str(refusal)) from None


class ProfileForm(Form):
    """What an organisation says of itself. `uploaded` is the logo that came with the form, written anew."""

    name = StringField(_("Name"), [_fits_as_name, Length(max=LONGEST_NAME)], filters=[trimmed])
    summary = TextAreaField(_("In a few sentences"), [Length(max=2000, message=_("Use at most 2000 characters."))])
    website = URLField(
        _("Website"),
        [
            Optional(),
            Length(max=300, message=_("Use at most 300 characters.")),
            URL(message=_("Give an address like https://example.org.")),
        ],
        filters=[trimmed],
    )
    contact = EmailField(_("Contact address"), [Optional(), *_address[1:]], filters=[trimmed])
    accent = StringField(
        _("Accent colour"), [Optional()], filters=[trimmed], render_kw={"maxlength": 7, "spellcheck": "false"}
    )
    logo = FileField(_("Logo"), render_kw={"accept": "image/png,image/jpeg"})
    without_logo = BooleanField(_("Show no logo"))
    is_public = BooleanField(_("Everybody may see this profile"))

    uploaded: bytes | None = None

    def validate_website(self, field: Any) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(str(_("Give an address like https://example.org.")))

    def validate_accent(self, field: Any) -> None:
        try:
            field.data = read_colour(field.data)
        except ValueError as fault:
            raise ValidationError(str(fault)) from None

    def validate_logo(self, field: Any) -> None:
        file = field.data
        if not isinstance(file, FileStorage) or not file.filename:
            return
        try:
            self.uploaded = read_logo(file.stream.read(LOGO_BYTES + 1))
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


class MailInvitationForm(Form):
    """One address to invite."""

    email = EmailField(_("E-mail address"), _address, filters=[trimmed])
    name = StringField(_("Name, if you like"), [Length(max=200)], filters=[trimmed])
    role = SelectField(
        _("Role"),
        choices=role_choices(Role.CANDIDATE, Role.AUTHOR, Role.MARKER, Role.MANAGER, Role.AUDITOR),
        default=Role.CANDIDATE.value,
    )

    def validate_email(self, field: Any) -> None:
        if field.data and not is_address(field.data):
            raise ValidationError(str(_("Enter an address like name@example.org.")))


class LinkInvitationForm(Form):
    """A link for several people."""

    role = SelectField(
        _("Role"),
        choices=role_choices(Role.CANDIDATE, Role.AUTHOR, Role.MARKER, Role.AUDITOR),
        default=Role.CANDIDATE.value,
    )
    most_uses = IntegerField(
        _("For how many people"),
        [
            InputRequired(message=_("Say how many people may follow it.")),
            NumberRange(min=1, max=MOST_USES, message=_("Give a number from 1 to %(most)s.", most=MOST_USES)),
        ],
    )
    ends_on = DateField(_("Works until"), [InputRequired(message=_("Say on which day it ends."))])
    cohort = StringField(
        _("Cohort, if it is for one"), [Length(max=60, message=_("Use at most 60 characters."))], filters=[trimmed]
    )


class RemovalForm(Form):
    """Why somebody is removed."""

    reason = StringField(
        _("Reason"),
        [
            DataRequired(message=_("Say why; the reason is kept in the audit log.")),
            Length(max=500, message=_("Use at most 500 characters.")),
        ],
        filters=[trimmed],
    )
