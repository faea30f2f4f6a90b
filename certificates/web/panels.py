"""Panels that certificates hang into pages of the lower floors: what a pass is good for."""

from typing import Any
from uuid import UUID

from flask import g, render_template

from certificates.queries.achievements import find_achievement
from certificates.queries.certificates import find_certificate_of_attempt
from certificates.queries.tiers import TierView, list_tiers
from certificates.web.steps import TierStep, tier_steps
from lms import clock
from lms.web.transactions import reading


def after_result(*, attempt_id: UUID, test_slug: str, has_passed: bool, person_id: UUID, **_facts: Any) -> str:
    """On a result: the certificate and the tiers it opens; or which tiers still wait for this pass."""
    with reading() as session:
        certificate = find_certificate_of_attempt(session, attempt_id=attempt_id, person_id=person_id)
        steps = tier_steps(session, person_id=person_id, at=clock.now())
    toward = [step for step in steps if _requires(step, test_slug)]
    if certificate is None and (has_passed or not toward):
        return ""
    return render_template("certificates/panels/result.html", certificate=certificate, steps=toward)


def before_test(*, test_slug: str, **_facts: Any) -> str:
    """On a test: what a pass certifies, for how long, and the tiers it counts toward."""
    with reading() as session:
        achievement = find_achievement(session, test_slug)
    if achievement is None:
        return ""
    return render_template("certificates/panels/test.html", achievement=achievement, tiers=_tiers_toward(test_slug))


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
