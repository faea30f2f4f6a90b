"""The page of a test: its terms, told before the clock starts, and the start itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.deadlines import Allowance, extended, opening_clock
from assessments.domain.eligibility import Eligibility, Lesson, Reason, Renewal
from assessments.domain.item_types import item_type
from assessments.models.attempts import AttemptState
from assessments.operations.starting import start_attempt
from assessments.queries.accommodations import allowance_of, find_accommodation
from assessments.queries.attempts import AttemptSummary, list_attempts
from assessments.queries.eligibility import eligibility_by
from assessments.queries.tests import TestSummary, get_renewal_terms, get_terms, get_test
from assessments.web.candidate.blueprint import ANYBODY, candidate
from assessments.web.candidate.clock_words import granted, length_in_words, made_of
from lms import clock
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.return_path import sign_path
from lms.web.transactions import reading, transaction


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a test may be started, in sentences; `renewal` says what a start now would renew."""

    eligible: bool
    messages: list[str]
    renewal: str
    possible_at: datetime | None
    tries_left: int
    to_study: tuple[Lesson, ...]


@candidate.get("/tests/<slug>/")
@public
def test(slug: str) -> ResponseReturnValue:
    person_id: UUID | None = current_user.id if current_user.is_authenticated else None
    now = clock.now()
    with reading() as session:
        terms = get_test(session, slug)
        attempts = _attempts(list_attempts(session, person_id=person_id), slug) if person_id else []
        verdict = eligibility_by(session, terms, attempts, person_id=person_id, at=now) if person_id else None
        is_open = [a for a in attempts if a.state is AttemptState.OPEN and a.deadline_at >= now]
        shown = _terms_of(session, terms, verdict, is_open)
        allowance = allowance_of(find_accommodation(session, person_id=person_id) if person_id else None)
    return render_template(
        "assessments/candidate/test.html",
        test=shown,
        renewal_percent=terms.renewal_percent,
        is_shorter=shown.item_count < terms.item_count,
        sections=[{"title": s.title, "count": s.count, "type_title": item_type(s.type).title} for s in shown.sections],
        eligibility=in_words(verdict, now) if verdict else None,
        time=_time(shown, allowance, now),
        open_time=made_of(is_open[0].clock) if is_open else "",
        open_attempt=is_open[0] if is_open else None,
        last_attempts=[attempt for attempt in attempts if attempt not in is_open],
        person_id=person_id,
        sign_in_next=sign_path(url_for("assessments_candidate.test", slug=slug)),
    )


@candidate.post("/tests/<slug>/attempts")
@ANYBODY
@limiter.limit("30 per minute")
def start(slug: str) -> ResponseReturnValue:
    """Start, or go on with the open attempt; pressing twice starts once."""
    with transaction() as session:
        attempt_id = start_attempt(session, test_slug=slug, person_id=current_user.id, at=clock.now())
    return redirect(url_for("assessments_candidate.attempt", attempt_id=attempt_id), 303)


def _terms_of(
    session: Session, terms: TestSummary, verdict: Eligibility | None, is_open: list[AttemptSummary]
) -> TestSummary:
    """The terms of the attempt that is open, or those under which one would start now."""
    if is_open:
        return get_terms(session, is_open[0].test_version_id)
    is_renewal = verdict is not None and verdict.eligible and verdict.renewal is not None
    return get_renewal_terms(session, terms) if is_renewal else terms


def _time(terms: TestSummary, allowance: Allowance, now: datetime) -> dict[str, object]:
    """How long it would be for this person, what that is made of, and when it would end if it started now."""
    clock = opening_clock(now, terms.limit, allowance)
    return {
        "length": length_in_words(extended(terms.limit, allowance.percent) // timedelta(seconds=1)),
        "is_untimed": allowance.is_untimed,
        "granted": granted(allowance),
        "made_of": made_of(clock),
        "breaks": length_in_words(allowance.break_seconds) if allowance.break_seconds else "",
        "ends_at": clock.deadline,
        "ends_at_most": clock.deadline + timedelta(seconds=allowance.break_seconds),
    }


def _attempts(attempts: list[AttemptSummary], slug: str) -> list[AttemptSummary]:
    return [attempt for attempt in attempts if attempt.test_slug == slug]


def in_words(verdict: Eligibility, at: datetime) -> Verdict:
    """The reasons why a test cannot be started at this instant, for the person; or what a start would renew."""
    passed = _("You have passed this test already.")
    if verdict.renewal:
        opens = format_datetime(verdict.renewal.opens_at, "d MMMM y")
        passed = _("You have passed this test. You can renew your certificate from %(day)s on.", day=opens)
    sentences = {
        Reason.OPEN_ATTEMPT: _("You have an open attempt."),
        Reason.AWAITING_RESULT: _("The result of your last attempt is not out yet."),
        Reason.ALREADY_PASSED: passed,
        Reason.TRIES_USED: _("You have used all your tries for now."),
        Reason.COOLING_DOWN: _("A pause is due after a result below the cut score, to study what was weak."),
        Reason.STUDY_FIRST: _(
            "The lessons of the skills in which your last result was weak come first: %(lessons)s.",
            lessons="; ".join(lesson.title for lesson in verdict.to_study),
        ),
    }
    messages = [str(sentences[reason]) for reason in verdict.reasons]
    messages += [hindrance.sentence for hindrance in verdict.hindrances]
    is_told = verdict.reasons in {(), (Reason.ALREADY_PASSED,)}  # the one sentence says from when on
    if not is_told and verdict.possible_at is not None:
        when = format_datetime(verdict.possible_at, "d MMMM y, HH:mm")
        messages.append(_("You can start again from %(when)s UTC.", when=when))
    renewal = _what_it_renews(verdict.renewal, at) if verdict.renewal and verdict.eligible else ""
    return Verdict(verdict.eligible, messages, renewal, verdict.possible_at, verdict.tries_left, verdict.to_study)


def _what_it_renews(renewal: Renewal, at: datetime) -> str:
    end = format_datetime(renewal.ends_at, "d MMMM y")
    if renewal.ends_at <= at:
        return str(_("Your certificate ended on %(day)s: renew it by sitting the test again.", day=end))
    return str(_("Your certificate ends on %(day)s: renew it by sitting the test again.", day=end))
