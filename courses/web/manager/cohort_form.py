"""The form of a cohort: its name, its days, and the course that it takes."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined]  # the published types do not know SelectChoice yet
    DateField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from courses.operations.cohorts import CohortTerms
from courses.queries.cohorts import CohortLine
from courses.queries.courses import CourseSummary
from lms.web.forms import Form

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ONE_DAY = timedelta(days=1)


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


class CohortForm(Form):
    """Days are whole days in UTC; the last day belongs to the cohort."""

    title = StringField(
        _("Name"),
        [DataRequired(_("Give the cohort a name.")), Length(max=120, message=_("Use at most 120 characters."))],
        filters=[_trimmed],
    )
    starts_on = DateField(_("First day"), [InputRequired(_("Give the first day, as in 2026-03-31."))])
    ends_on = DateField(_("Last day"), [InputRequired(_("Give the last day, as in 2026-06-30."))])
    course = SelectField(_("Course"), validate_choice=True)

    def with_courses(self, courses: Sequence[CourseSummary]) -> Self:
        self.course.choices = [
            SelectChoice("", gettext("none in particular")),
            *(SelectChoice(one.slug, one.title) for one in courses),
        ]
        return self

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(gettext("The last day is not before the first."))

    def terms(self) -> CohortTerms:
        """What a valid form says."""
        assert self.starts_on.data is not None  # both are asked for
        assert self.ends_on.data is not None
        return CohortTerms(
            title=self.title.data or "",
            starts_at=datetime.combine(self.starts_on.data, time(), UTC),
            ends_at=datetime.combine(self.ends_on.data + ONE_DAY, time(), UTC),
            course_slug=self.course.data or None,
        )


class NewCohortForm(CohortForm):
    slug = StringField(
        _("Short name"),
        [
            DataRequired(_("Give a short name, as in spring-2026.")),
            Length(max=60, message=_("Use at most 60 characters.")),
            Regexp(SLUG, message=_("Use small letters, digits and hyphens between them, as in spring-2026.")),
        ],
        filters=[lambda value: _trimmed(value).casefold()],
    )


def form_of(cohort: CohortLine, courses: Sequence[CourseSummary]) -> CohortForm:
    """The form filled with what the cohort is."""
    filled = CohortForm(
        formdata=None,
        title=cohort.title,
        starts_on=cohort.starts_at.date(),
        ends_on=(cohort.ends_at - ONE_DAY).date(),
        course=cohort.course_slug or "",
    )
    return filled.with_courses(courses)
