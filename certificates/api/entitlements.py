"""Entitlements in the API: whether people may do the work of a tier, why not, and what was decided before."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from certificates.api.blueprint import certificates_api
from certificates.api.entitlement_shapes import (
    CheckAnswer,
    CheckRequest,
    DecisionShown,
    ManyCheckAnswer,
    ManyCheckRequest,
    answer_shown,
    missing_shown,
    row_shown,
)
from certificates.operations.entitlements import Answer, check_entitlements
from certificates.queries.entitlements import get_decision
from certificates.queries.tiers import Names, TierView, achievement_names, find_tier
from lms import clock
from lms.api.callers import caller
from lms.api.endpoints import endpoint
from lms.api.problems import UnknownSubject, UnknownTier
from lms.api.scopes import Scope
from lms.errors import NotFound
from lms.web.transactions import one_write, reading


class UnknownDecision(NotFound):
    """There is no such decision, or it was made for another organisation."""

    code = "unknown-decision"


@endpoint(
    certificates_api,
    "POST",
    "/entitlements/check",
    scope=Scope.ENTITLEMENTS_CHECK,
    summary="May this person do this work?",
    body=CheckRequest,
    answer=CheckAnswer,
    refusals=(UnknownSubject, UnknownTier),
    idempotent=True,
    tag="Entitlements",
)
def check_entitlement(*, body: CheckRequest) -> CheckAnswer:
    """Decides from the person's certificates, work quality and sanctions, and records the decision with all of that.

    `allow` and `provisional` both mean that the tier is open; a provisional answer ends by time or by somebody's
    decision, and `missing` says what would make it a plain `allow`. Certificates of the public catalogue count of
    people who let your organisation see them.
    """
    answer, names = check_one(body.subject, body.tier, body.action, clock.now())
    return answer_shown(answer, names)


@endpoint(
    certificates_api,
    "POST",
    "/entitlements/check-many",
    scope=Scope.ENTITLEMENTS_CHECK,
    summary="Who of these may do this work?",
    body=ManyCheckRequest,
    answer=ManyCheckAnswer,
    refusals=(UnknownTier,),
    idempotent=True,
    tag="Entitlements",
)
def check_many_entitlements(*, body: ManyCheckRequest) -> ManyCheckAnswer:
    """The same for up to 1,000 subjects at once. A subject that is unknown here gets a row with the problem
    `unknown-subject` and does not hold up the others; one that is named twice is decided once.
    """
    with one_write() as session:
        tier = get_tier(session, body.tier)
        answers = _check(session, body.subjects, tier, body.action, clock.now())
        names = _names_needed(session, answers.values())
    return ManyCheckAnswer(results=[row_shown(subject, answers.get(subject), names) for subject in body.subjects])


@endpoint(
    certificates_api,
    "GET",
    "/entitlements/decisions/<uuid:decision_id>",
    scope=Scope.ENTITLEMENTS_CHECK,
    summary="Read a decision",
    answer=DecisionShown,
    refusals=(UnknownDecision,),
    parameters={"decision_id": "`decision_id` of the answer."},
    tag="Entitlements",
)
def read_decision(*, decision_id: UUID) -> DecisionShown:
    """A decision as it was recorded, with everything that it rests on and the version of the rule that made it."""
    with reading() as session:
        try:
            found = get_decision(session, decision_id)
        except NotFound as unknown:
            raise UnknownDecision(str(unknown)) from None
        names = achievement_names(session)
    return DecisionShown(
        decision_id=found.id,
        subject=found.person_id,
        tier=found.tier,
        action=found.action,
        outcome=found.outcome,
        missing=missing_shown(found.missing, names),
        expires_at=found.expires_at,
        at=found.at,
        asked_by=found.asked_by,
        rule_version=found.rule_version,
        inputs=found.inputs,
    )


def check_one(subject: UUID, tier_name: str, action: str, at: datetime) -> tuple[Answer, Names]:
    """Decide about one person, committed at once. Raises UnknownTier, UnknownSubject."""
    with one_write() as session:
        tier = get_tier(session, tier_name)
        answer = _check(session, [subject], tier, action, at).get(subject)
        if answer is None:
            raise UnknownSubject
        return answer, _names_needed(session, [answer])


def get_tier(session: Session, name: str) -> TierView:
    """The tier that the caller calls so. Raises UnknownTier."""
    tier = find_tier(session, name)
    if tier is None:
        raise UnknownTier
    return tier


def _check(session: Session, people: Sequence[UUID], tier: TierView, action: str, at: datetime) -> dict[UUID, Answer]:
    asked_by = str(caller().key_id)
    return check_entitlements(
        session, people=list(dict.fromkeys(people)), tier=tier, action=action, asked_by=asked_by, at=at
    )


def _names_needed(session: Session, answers: Iterable[Answer]) -> Names:
    """The names for the sentences about what is missing; where nothing is, they are not read."""
    return achievement_names(session) if any(answer.missing for answer in answers) else {}
