"""The home of somebody who is signed in: where to go on, results, certificates, tiers."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessments.models.attempts import AttemptState
from assessments.queries.attempts import AttemptSummary, list_attempts
from certificates.domain.contents import CertificateView
from certificates.domain.standing import Standing
from certificates.queries.certificates import list_certificates
from certificates.queries.renewals import list_renewals
from certificates.queries.reviews import list_under_review
from certificates.web.holder.blueprint import ANYBODY, certificates_holder
from certificates.web.standings import Words, in_words
from certificates.web.steps import find_addresses, next_tier, tier_steps
from courses.queries.courses import list_courses
from courses.queries.progress import list_progress
from lms import clock
from lms.web.transactions import reading


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate, what it is worth now, whether somebody is still to decide on it, and whether to renew it now."""

    certificate: CertificateView
    words: Words
    is_under_review: bool
    is_renewable: bool


@certificates_holder.get("/me/")
@ANYBODY
def me() -> ResponseReturnValue:
    now, person_id = clock.now(), current_user.id
    with reading() as session:
        progress = list_progress(session, person_id=person_id)
        attempts = list_attempts(session, person_id=person_id)
        certificates = list_certificates(session, person_id=person_id)
        renewals = list_renewals(session, person_id=person_id) if certificates else []
        under_review = list_under_review(session, person_id=person_id) if certificates else frozenset()
        steps = tier_steps(session, person_id=person_id, at=now)
        courses = list_courses(session)
        ahead = next_tier(steps)
        addresses = find_addresses(session, ahead.missing if ahead else ())
    renewable = {one.certificate_id for one in renewals if one.renewal.opens_at <= now}
    begun = {course.slug for course in progress}
    certified = {c.slug for c in certificates if c.standing(now) is Standing.VALID}
    return render_template(
        "certificates/holder/me.html",
        name=current_user.name,
        person_id=person_id,
        open_attempts=[attempt for attempt in attempts if _is_running(attempt, now)],
        past_attempts=[attempt for attempt in attempts if not _is_running(attempt, now)],
        progress=progress,
        certified=certified,
        suggestions=[course for course in courses if course.slug not in begun | certified],
        certificates=[
            Held(one, in_words(one.standing(now)), one.id in under_review, one.id in renewable) for one in certificates
        ],
        open_tiers=[step.tier for step in steps if step.is_open],
        suspended=[(step.tier, step.suspensions) for step in steps if step.suspensions],
        next_tier=ahead,
        addresses=addresses,
    )


def _is_running(attempt: AttemptSummary, now: datetime) -> bool:
    return attempt.state is AttemptState.OPEN and attempt.deadline_at >= now
