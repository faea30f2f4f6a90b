"""The form of a design: what is typed is kept when something does not fit, and each fault stands at its field."""

import re
from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import (  # type: ignore[attr-defined]  # the published types do not know SelectChoice yet
    BooleanField,
    FieldList,
    FileField,
    FormField,
    RadioField,
    SelectChoice,
    StringField,
)
from wtforms.validators import DataRequired, Length, ValidationError

from certificates.domain.design import (
    HOUSE_DESIGN,
    LOGO_BYTES,
    MOST_LETTERS,
    MOST_SIGNATORIES,
    Design,
    Orientation,
    Paper,
    Signatory,
    check_design,
)
from certificates.domain.shades import readable_shade
from lms.organisations.logos import read_logo
from lms.web.forms import Form

_short = Length(max=MOST_LETTERS, message=_("Use at most %(most)s characters.", most=MOST_LETTERS))


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class SignatoryFields(wtforms.Form):
    """One line of the signatories; empty lines are nobody."""

    name = StringField(_("Name"), [_short], filters=[_trimmed])
    role = StringField(_("Role"), [_short], filters=[_trimmed])

    def validate_role(self, field: Any) -> None:
        if field.data and not self.name.data:
            raise ValidationError(gettext("Each signatory needs a name; leave both empty for nobody."))


class DesignForm(Form):
    """How certificates shall look. `uploaded` is the logo that came with the form, written anew."""

    display_name = StringField(_("Name on the certificate"), [_short], filters=[_trimmed])
    accent = StringField(
        _("Accent colour"),
        [DataRequired(message=_("Give a colour, for example #7c5e16."))],
        filters=[_trimmed],
        render_kw={"maxlength": 7, "spellcheck": "false"},
    )
    paper = RadioField(
        _("Paper"),
        choices=[SelectChoice(Paper.A4.value, "A4"), SelectChoice(Paper.LETTER.value, "US Letter")],
    )
    orientation = RadioField(
        _("Orientation"),
        choices=[
            SelectChoice(Orientation.PORTRAIT.value, _("Upright")),
            SelectChoice(Orientation.LANDSCAPE.value, _("Across")),
        ],
    )
    logo = FileField(_("Logo"), render_kw={"accept": "image/png,image/jpeg"})
    without_logo = BooleanField(_("Print no logo"))
    signatories = FieldList(FormField(SignatoryFields), min_entries=MOST_SIGNATORIES, max_entries=MOST_SIGNATORIES)

    uploaded: bytes | None = None

    def validate_accent(self, field: Any) -> None:
        try:
            check_design(replace(HOUSE_DESIGN, accent=field.data))
        except ValueError as fault:
            raise ValidationError(f"{fault}{_advice(field.data)}") from fault

    def validate_logo(self, field: Any) -> None:
        file = field.data
        if not isinstance(file, FileStorage) or not file.filename:
            return
        try:
            self.uploaded = read_logo(file.stream.read(LOGO_BYTES + 1))
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def design(self, present: Design) -> Design:
        """What was typed, when it is valid; without a new logo the present one stays."""
        named = [(each["name"], each["role"]) for each in self.signatories.data if each["name"]]
        kept = None if self.without_logo.data else present.logo
        return Design(
            paper=Paper(self.paper.data),
            orientation=Orientation(self.orientation.data),
            display_name=self.display_name.data or "",
            accent=str(self.accent.data).lower(),
            logo=self.uploaded or kept,
            signatories=tuple(Signatory(name, role) for name, role in named),
        )

    def faults(self) -> str:
        """How many fields are to be mended, in a sentence for the top of the page."""
        inner = sum(len(each) for each in self.signatories.errors)
        count = inner + sum(1 for name, said in self.errors.items() if said and name != "signatories")
        return str(ngettext("%(num)d field needs mending.", "%(num)d fields need mending.", count))


def form_of(design: Design) -> DesignForm:
    """The form as it shows a design."""
    named = [{"name": each.name, "role": each.role} for each in design.signatories]
    return DesignForm(
        formdata=None,
        display_name=design.display_name,
        accent=design.accent,
        paper=design.paper.value,
        orientation=design.orientation.value,
        signatories=named + [{"name": "", "role": ""}] * (MOST_SIGNATORIES - len(named)),
    )


def _advice(accent: str) -> str:
    """A shade that would do, for a colour that is only too light."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        return ""
    return " " + str(gettext("%(shade)s is the same colour, dark enough.", shade=readable_shade(accent)))
