"""A programme as its candidates see it: what it is, what is done, and the next step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.queries.eligibility import eligibility
from assessments.queries.tests import get_test
from assessments.web.candidate.tests import Verdict, in_words
from certificates.queries.achievements import held_achievements
from certificates.queries.programmes import ProgrammeView, get_programme, list_enrolled
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.steps import tier_steps
from courses.queries.courses import find_course
from courses.queries.progress import list_progress
from lms import clock
from lms.members.consents import list_given
from lms.web.transactions import reading


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a programme, and where it is taken."""

    title: str
    text: str
    is_done: bool
    url: str
    button: str


@certificates_holder.get("/programmes/<slug>/")
@ANYBODY
def programme(slug: str) -> ResponseReturnValue:
    at, person_id = clock.now(), current_user.id
    with reading() as session:
        shown = get_programme(session, slug)
        enrolled = list_enrolled(session, [shown], person_id=person_id)
        test = get_test(session, shown.test_slug)
        verdict = eligibility(session, test, person_id=person_id, at=at)
        steps = _steps(session, shown, person_id, in_words(verdict, at), at)
    ahead = [step for step in steps if not step.is_done]
    return render_template(
        "certificates/holder/programme.html",
        programme=shown,
        enrolled=enrolled[-1] if enrolled else None,
        due_at=enrolled[-1].enrolment.due_at(shown.policy) if enrolled else None,
        steps=steps,
        next_step=ahead[0] if ahead else None,
        verdict=in_words(verdict, at),
        at=at,
    )


def _steps(session: Session, shown: ProgrammeView, person_id: UUID, verdict: Verdict, at: datetime) -> list[Step]:
    """What there is to do, in its order."""
    held = shown.test_slug in held_achievements(session, person_id=person_id, at=at)
    steps = [*_consents(session, shown, person_id), *_reading(session, shown, person_id)]
    page = url_for("assessments_candidate.test", slug=shown.test_slug)
    said = _("Passed, and certified.") if held else " ".join(verdict.messages) or _("You can start it now.")
    steps.append(Step(_("Pass the test"), said, held, page, _("To the test")))
    if shown.tier_slug:
        tiers = tier_steps(session, person_id=person_id, at=at)
        is_open = any(step.is_open and step.tier.slug == shown.tier_slug for step in tiers)
        said = _("It is open to you.") if is_open else _("It opens once everything that it asks for is there.")
        page = url_for("certificates_public.tiers")
        steps.append(Step(_("Work in “%(tier)s”", tier=shown.tier_title), said, is_open, page, _("To the tiers")))
    return steps


def _consents(session: Session, shown: ProgrammeView, person_id: UUID) -> list[Step]:
    wanted = shown.policy.consents
    if not wanted:
        return []
    given = {str(scope) for scope in list_given(session, person_id=person_id)}
    page = url_for("members.my_organisations")
    words = {"results": _("results"), "certificates": _("certificates"), "quality": _("quality of work")}
    said = _("The organisation asks to see: %(what)s.", what=", ".join(words.get(one, one) for one in wanted))
    return [Step(_("Agree to what is seen"), said, given.issuperset(wanted), page, _("Look at it"))]


def _reading(session: Session, shown: ProgrammeView, person_id: UUID) -> list[Step]:
    course = find_course(session, shown.test_slug)
    if course is None:
        return []
    known = next((one for one in list_progress(session, person_id=person_id) if one.slug == course.slug), None)
    read = known.read if known else 0
    said = _("%(read)s of %(lessons)s lessons read", read=read, lessons=course.lesson_count)
    page = url_for("courses_public.course", slug=course.slug)
    title = _("Take the course “%(title)s”", title=course.title)
    return [Step(title, said, read >= course.lesson_count, page, _("To the course"))]
