"""Panels about the quality of work: for managers, on a candidate's page, on a tier's, and on one's own."""

from typing import Any
from uuid import UUID

from flask import render_template

from certificates.queries.quality_rules import get_rule
from certificates.queries.sanctions import count_waiting, list_sanctions
from certificates.queries.work_quality import has_work, list_quality
from certificates.web.quality_words import sanction_in_words, what_is_closed
from lms.members.consents import ConsentScope, has_consent
from lms.web.transactions import reading


def on_managing(**_facts: Any) -> str:
    """On the managers' first page: the way to what figures propose, and how much of it waits."""
    with reading() as session:
        return render_template("certificates/panels/quality_managing.html", waiting=count_waiting(session))


def on_candidate(*, person_id: UUID, **_facts: Any) -> str:
    """On a candidate's page: the estimates by consent, the suspensions, and the way to both."""
    with reading() as session:
        is_shown = has_consent(session, person_id=person_id, scope=ConsentScope.QUALITY)
        return render_template(
            "certificates/panels/quality_candidate.html",
            person_id=person_id,
            is_shown=is_shown,
            quality=list_quality(session, person_id=person_id) if is_shown else [],
            sanctions=list_sanctions(session, person_id=person_id),
            states=sanction_in_words,
            closed=what_is_closed,
        )


def on_tier(*, slug: str, **_facts: Any) -> str:
    """On a tier that is managed: what it expects of the work in it."""
    with reading() as session:
        _tier, rule = get_rule(session, slug)
    return render_template("certificates/panels/quality_tier.html", slug=slug, rule=rule)


def on_home(*, person_id: UUID, **_facts: Any) -> str:
    """On one's own page: the way to the figures of one's work, once there are any."""
    with reading() as session:
        is_known = has_work(session, person_id=person_id)
    return render_template("certificates/panels/quality_home.html") if is_known else ""
