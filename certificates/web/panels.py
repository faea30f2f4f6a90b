"""Panels that certificates hang into pages of the lower floors: what a pass is good for."""

from typing import Any
from uuid import UUID

from flask import g, render_template
from flask_login import current_user

from certificates.domain.validity import RENEWAL_MONTHS
from certificates.queries.achievements import find_achievement
from certificates.queries.certificates import find_certificate_of_attempt
from certificates.queries.programmes import list_enrolled, list_programmes
from certificates.queries.reviews import count_touched, is_under_review
from certificates.queries.tiers import TierView, list_tiers
from certificates.web.steps import TierStep, tier_steps
from lms import clock
from lms.organisations.roles import Role
from lms.web.transactions import reading


def after_result(*, attempt_id: UUID, test_slug: str, has_passed: bool, person_id: UUID, **_facts: Any) -> str:
    """On a result: the certificate and the tiers it opens; or which tiers still wait for this pass."""
    with reading() as session:
        certificate = find_certificate_of_attempt(session, attempt_id=attempt_id, person_id=person_id)
        steps = tier_steps(session, person_id=person_id, at=clock.now())
        in_review = certificate is not None and is_under_review(session, certificate.id)
    toward = [step for step in steps if _requires(step, test_slug)]
    if certificate is None and (has_passed or not toward):
        return ""
    return render_template(
        "certificates/panels/result.html", certificate=certificate, steps=toward, in_review=in_review
    )


def on_regrade(*, regrade_id: UUID, is_done: bool, **_facts: Any) -> str:
    """On a regrade: the certificates whose pass it takes."""
    with reading() as session:
        touched = count_touched(session, regrade_id)
    may_decide = bool(current_user.roles & {Role.MANAGER, Role.OPERATOR})
    return render_template("certificates/panels/regrade.html", touched=touched, is_done=is_done, may_decide=may_decide)


def on_managing(**_facts: Any) -> str:
    """On the managers' first page: the way to the certificates on which they decide."""
    return render_template("certificates/panels/managing.html")


def on_member(*, person_id: UUID, **_facts: Any) -> str:
    """On a member's page for managers: the way to what may be seen of the candidate."""
    return render_template("certificates/panels/member.html", person_id=person_id)


def on_home(*, person_id: UUID, **_facts: Any) -> str:
    """On somebody's own page: the programmes that they are in, and by when; nothing without any."""
    with reading() as session:
        enrolled = list_enrolled(session, list_programmes(session), person_id=person_id)
    if not enrolled:
        return ""
    timed = [(one, one.enrolment.due_at(one.programme.policy)) for one in enrolled]
    return render_template("certificates/panels/home.html", enrolled=timed, at=clock.now())


def before_test(*, test_slug: str, **_facts: Any) -> str:
    """On a test: what a pass certifies, for how long, and the tiers it counts toward."""
    with reading() as session:
        achievement = find_achievement(session, test_slug)
    if achievement is None:
        return ""
    return render_template(
        "certificates/panels/test.html",
        achievement=achievement,
        renewal_months=RENEWAL_MONTHS,
        tiers=_tiers_toward(test_slug),
    )


def on_authored_test(*, test_slug: str, **_facts: Any) -> str:
    """On a live test as authors see it: what a pass certifies, and for managers the way to say so."""
    with reading() as session:
        achievement = find_achievement(session, test_slug)
    may_see = bool(current_user.roles & {Role.MANAGER, Role.OPERATOR, Role.AUDITOR})
    return render_template(
        "certificates/panels/authored_test.html", achievement=achievement, slug=test_slug, may_see=may_see
    )


def on_course(*, track_slug: str, **_facts: Any) -> str:
    """On a course and its card: the tiers that the course leads to."""
    tiers = _tiers_toward(track_slug)
    return render_template("certificates/panels/course.html", tiers=tiers) if tiers else ""


def _requires(step: TierStep, slug: str) -> bool:
    return any(requirement.slug == slug for requirement in step.tier.requires)


def _tiers_toward(slug: str) -> list[TierView]:
    """Read once a request: a page of many courses asks for each of them."""
    if "certificates_tiers" not in g:
        with reading() as session:
            g.certificates_tiers = list_tiers(session)
    return [tier for tier in g.certificates_tiers if any(needed.slug == slug for needed in tier.requires)]
