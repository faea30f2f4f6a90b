"""The form of a programme: test, tier, cohorts, and the terms on which they take it."""

from typing import Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import (  # type: ignore[attr-defined]  # the published types do not know SelectChoice yet
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp

from assessments.queries.tests import list_tests
from assessments.web.manager.accommodation_form import WholeNumber
from certificates.operations.programmes import ProgrammeTerms
from certificates.queries.programmes import ProgrammeView
from certificates.queries.tiers import list_tiers
from courses.queries.cohorts import list_cohorts
from lms.members.models import ConsentScope
from lms.web.forms import Form

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MOST_DAYS, MOST_TRIES = 1000, 100
_days = _("Enter a whole number from 1 to %(most)s, or leave it empty.", most=MOST_DAYS)
_tries = _("Enter a whole number from 1 to %(most)s, or leave it empty.", most=MOST_TRIES)


def one_line(value: str | None) -> str:
    """What was typed into a field of one line."""
    return " ".join((value or "").split())


class ProgrammeForm(Form):
    title = StringField(
        _("Name"),
        [DataRequired(_("Give the programme a name.")), Length(max=120, message=_("Use at most 120 characters."))],
        filters=[one_line],
    )
    summary = TextAreaField(_("What it is"), [Length(max=2000, message=_("Use at most 2000 characters."))])
    test = SelectField(_("Test that it leads to"), [DataRequired(_("Choose a test."))])
    tier = SelectField(_("Tier that it leads to"))
    due_days = WholeNumber(_("Days to start the test in"), [Optional(), NumberRange(1, MOST_DAYS, message=_days)])
    tries = WholeNumber(_("Tries within the programme"), [Optional(), NumberRange(1, MOST_TRIES, message=_tries)])
    consents = SelectMultipleField(_("What candidates let the organisation see first"))
    cohorts = SelectMultipleField(_("Cohorts that take it"))

    def with_choices(self, session: Session) -> Self:
        """The tests, tiers and cohorts of the session's organisation to choose from."""
        self.test.choices = [
            SelectChoice("", gettext("choose one")),
            *(SelectChoice(test.slug, test.title) for test in list_tests(session)),
        ]
        self.tier.choices = [
            SelectChoice("", gettext("none")),
            *(SelectChoice(tier.slug, tier.title) for tier in list_tiers(session)),
        ]
        self.cohorts.choices = [SelectChoice(cohort.slug, cohort.title) for cohort in list_cohorts(session)]
        self.consents.choices = [
            SelectChoice(ConsentScope.RESULTS.value, gettext("their results")),
            SelectChoice(ConsentScope.CERTIFICATES.value, gettext("their certificates")),
            SelectChoice(ConsentScope.QUALITY.value, gettext("the quality of their work")),
        ]
        return self

    def terms(self) -> ProgrammeTerms:
        """What a valid form says."""
        return ProgrammeTerms(
            title=self.title.data or "",
            summary=(self.summary.data or "").replace("\r\n", "\n").strip(),
            test_slug=self.test.data,
            tier_slug=self.tier.data or None,
            due_days=self.due_days.data,
            tries=self.tries.data,
            consents=tuple(self.consents.data or ()),
            cohorts=tuple(self.cohorts.data or ()),
        )


class NewProgrammeForm(ProgrammeForm):
    slug = StringField(
        _("Short name"),
        [
            DataRequired(_("Give a short name, as in fact-checkers.")),
            Length(max=60, message=_("Use at most 60 characters.")),
            Regexp(SLUG, message=_("Use small letters, digits and hyphens between them, as in fact-checkers.")),
        ],
        filters=[lambda value: one_line(value).casefold()],
    )


def form_of(programme: ProgrammeView, session: Session) -> ProgrammeForm:
    """The form filled with what the programme is."""
    taking = [cohort.slug for cohort in list_cohorts(session) if cohort.id in programme.cohorts]
    return ProgrammeForm(
        formdata=None,
        title=programme.title,
        summary=programme.summary,
        test=programme.test_slug,
        tier=programme.tier_slug or "",
        due_days=programme.policy.due_days,
        tries=programme.policy.tries,
        consents=list(programme.policy.consents),
        cohorts=taking,
    ).with_choices(session)
