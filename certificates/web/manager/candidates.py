"""A candidate as their organisation may see them: tiers, and by consent results and certificates."""

from datetime import datetime
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assessments.queries.attempts import AttemptSummary, list_attempts
from certificates.domain.decision_records import missing_as_json
from certificates.domain.entitlement_facts import CertificateFact
from certificates.domain.requirement_words import Names, say_missing
from certificates.domain.standing import standing_at
from certificates.queries.entitlement_facts import KnownPerson, find_known
from certificates.queries.programmes import list_enrolled, list_programmes
from certificates.queries.tiers import achievement_names, list_all_tiers
from certificates.web.manager.workspace import MANAGERS, may_change, workspace
from certificates.web.standings import Words, in_words
from certificates.web.steps import TierStep, tier_step
from lms import clock
from lms.accounts.people import get_member, search_members
from lms.members.consents import list_given
from lms.members.models import ConsentScope
from lms.web.transactions import reading

MOST_FOUND = 50
_LONGEST = 200  # characters of a search that are looked at


@workspace.get("/candidates/")
@MANAGERS
def candidates() -> ResponseReturnValue:
    """Who is meant: nobody is listed before something is searched for."""
    text = request.args.get("q", "").strip()[:_LONGEST]
    with reading() as session:
        found = search_members(session, text=text, most=MOST_FOUND) if text else []
    return render_template(
        "certificates/manager/candidates.html", text=text, found=found, may_be_more=len(found) == MOST_FOUND
    )


@workspace.get("/candidates/<uuid:person_id>")
@MANAGERS
def candidate(person_id: UUID) -> ResponseReturnValue:
    """What they did not agree to is not read."""
    at = clock.now()
    with reading() as session:
        person = get_member(session, person_id=person_id)
        given = list_given(session, person_id=person_id)
        known = find_known(session, [person_id]).get(person_id)
        names = achievement_names(session)
        shows_results = ConsentScope.RESULTS in given
        steps = [tier_step(tier, known, at) for tier in list_all_tiers(session) if not tier.is_announced]
        return render_template(
            "certificates/manager/candidate.html",
            person=person,
            given=given,
            may_change=may_change(),
            enrolled=list_enrolled(session, list_programmes(session), person_id=person_id),
            results=_told(list_attempts(session, person_id=person_id)) if shows_results else [],
            certificates=_certificates(known, names, at) if ConsentScope.CERTIFICATES in given else [],
            tiers=[(step, _missing(step, names)) for step in steps],
        )


def _told(attempts: list[AttemptSummary]) -> list[AttemptSummary]:
    """Sittings whose result the person knows."""
    return [attempt for attempt in attempts if attempt.released_at is not None]


def _certificates(known: KnownPerson | None, names: Names, at: datetime) -> list[tuple[CertificateFact, str, Words]]:
    """Each certificate with its name and what it is worth now, the newest first."""
    if known is None:
        return []
    return [
        (one, names.get((one.organisation, one.slug), one.slug), in_words(standing_at(one.state, one.valid_until, at)))
        for one in reversed(known.certificates)
    ]


def _missing(step: TierStep, names: Names) -> list[str]:
    if step.decision is None:
        return []
    return [say_missing(missing_as_json(one), names) for one in step.decision.missing]
