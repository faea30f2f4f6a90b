"""Forms of the account pages."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, Length, ValidationError

from lms.accounts.names import checked_name
from lms.accounts.passwords import LONGEST, SHORTEST
from lms.errors import Invalid
from lms.web.forms import Form

LONGEST_NAME = 200


def _trimmed(value: str | None) -> str | None:
    return value.strip() if value else value


def _readable(_form: Form, field: Field) -> None:
    try:
        checked_name(field.data)
    except Invalid as refusal:
        raise ValidationError(str(refusal)) from None


_new_password = [
    DataRequired(message=_("Choose a password.")),
    Length(
        min=SHORTEST,
        max=LONGEST,
        message=_(
            "Use %(shortest)s to %(longest)s characters; a sentence works well.", shortest=SHORTEST, longest=LONGEST
        ),
    ),
]
_name = [
    DataRequired(message=_("Enter the name that your certificates shall carry.")),
    Length(max=LONGEST_NAME, message=_("Use at most %(longest)s characters.", longest=LONGEST_NAME)),
    _readable,
]
_address = [
    DataRequired(message=_("Enter your e-mail address.")),
    Length(max=254, message=_("Use at most 254 characters.")),
    Email(message=_("Enter an address like name@example.org.")),
]


def typed(value: str | None) -> str:
    """What was typed into a field; a field that was not sent is empty."""
    return value or ""


class SignUpForm(Form):
    name = StringField(_("Name"), _name, filters=[_trimmed])
    email = EmailField(_("E-mail address"), _address, filters=[_trimmed])
    password = PasswordField(_("Password"), _new_password)
    next = HiddenField()


class SignInForm(Form):
    email = EmailField(_("E-mail address"), [DataRequired(message=_("Enter your e-mail address."))], filters=[_trimmed])
    password = PasswordField(_("Password"), [DataRequired(message=_("Enter your password."))])
    next = HiddenField()


class ForgottenForm(Form):
    email = EmailField(_("E-mail address"), _address, filters=[_trimmed])


class ResetForm(Form):
    password = PasswordField(_("New password"), _new_password)


class NameForm(Form):
    name = StringField(_("Name"), _name, filters=[_trimmed])


class PasswordForm(Form):
    current_password = PasswordField(_("Current password"), [DataRequired(message=_("Enter your current password."))])
    new_password = PasswordField(_("New password"), _new_password)


class DeleteForm(Form):
    password = PasswordField(_("Your password, to confirm"), [DataRequired(message=_("Enter your password."))])
