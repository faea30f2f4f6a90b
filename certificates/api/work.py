"""Work quality in the API: outcomes of gold tasks and reviews come in, the estimates made of them go out."""

from fractions import Fraction
from typing import Annotated, Literal
from uuid import UUID

from flask import current_app
from pydantic import Field

from certificates.api.blueprint import certificates_api
from certificates.api.entitlement_shapes import TierName
from certificates.domain.outcomes import Fault, Outcome, OutcomeKind, Receipt
from certificates.domain.work_quality import UNITS, points_of
from certificates.operations.outcomes import receive_outcomes
from certificates.queries.work_quality import SkillQuality, list_quality
from lms import clock
from lms.api.callers import caller
from lms.api.endpoints import endpoint
from lms.api.problems import UnknownSubject
from lms.api.scopes import Scope
from lms.api.shapes import Instant, Shape
from lms.errors import Conflict
from lms.members.consents import ConsentScope, has_consent
from lms.web.application import settings_of
from lms.web.transactions import reading, transaction

MOST = 1000  # outcomes of one call
OwnId = Annotated[str, Field(min_length=1, max_length=200)]
Skill = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?$", examples=["grounding"])]

SENTENCES: dict[Fault, str] = {
    Fault.UNKNOWN_SUBJECT: "There is no such person here, or the person does not let you report on their work.",
    Fault.UNKNOWN_TIER: "Neither your organisation nor the public catalogue has a tier of this name.",
    Fault.IN_THE_FUTURE: "It occurred in the future; check the platform's clock.",
    Fault.TOO_OLD: "It occurred more than 90 days ago.",
    Fault.TOO_MANY: "There are more outcomes of this person on this day than the tier takes.",
    Fault.CONFLICT: "This external_id was posted before with another content; what was posted first stays.",
}


class OutcomePosted(Shape):
    """How one answer to one task turned out."""

    external_id: OwnId = Field(description="Your own id of the outcome; posting it again changes nothing.")
    subject: UUID
    task_id: OwnId = Field(description="Of the task; only the first answer of a person to a task counts.")
    skill: Skill
    tier: TierName | None = Field(default=None, description="Of the work; null counts toward the skill alone.")
    kind: OutcomeKind = Field(description="`gold`: against a known key; `review`: judged by a second person.")
    score: float = Field(ge=0, le=1, description="1 is right, 0 is wrong; eight decimal places are kept.")
    occurred_at: Instant

    def as_outcome(self) -> Outcome:
        """The score is cut off to what is kept, so that the same outcome posted again is the same."""
        return Outcome(
            external_id=self.external_id,
            person_id=self.subject,
            task_id=self.task_id,
            skill=self.skill,
            tier=self.tier,
            kind=self.kind,
            score=Fraction(points_of(Fraction(str(self.score))), UNITS),
            occurred_at=self.occurred_at,
        )


class OutcomesPosted(Shape):
    """A batch of outcomes, of one person or of many."""

    outcomes: list[OutcomePosted] = Field(min_length=1, max_length=MOST)


class OutcomeReceipt(Shape):
    """What became of one outcome."""

    external_id: str
    state: Literal["accepted", "duplicate", "refused"]
    reason: Fault | None = Field(description="Why it was refused.")
    message: str | None = Field(description="The reason as a sentence.")


class OutcomesReceived(Shape):
    """What became of each outcome, in the order in which they were posted."""

    outcomes: list[OutcomeReceipt]
    accepted: int
    duplicate: int
    refused: int


class EstimateShown(Shape):
    """The share of right first answers, with its 95 % interval."""

    skill: str | None = Field(description="Null is all skills together.")
    tasks: int = Field(ge=1)
    estimate: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    updated_at: Instant


class QualityShown(Shape):
    """What is known of somebody's work."""

    subject: UUID
    skills: list[EstimateShown]
    overall: EstimateShown | None


class OutcomesRace(Conflict):
    """Another request is posting some of these outcomes at this moment; nothing of yours was kept. Send it again."""

    code = "conflict"


@endpoint(
    certificates_api,
    "POST",
    "/work/outcomes",
    scope=Scope.QUALITY_WRITE,
    summary="Report how work turned out",
    body=OutcomesPosted,
    answer=OutcomesReceived,
    refusals=(OutcomesRace,),
    idempotent=True,
    tag="Work quality",
)
def post_outcomes(*, body: OutcomesPosted) -> OutcomesReceived:
    """Up to 1,000 outcomes of gold tasks or reviews. Each gets its own receipt: `accepted`, `duplicate` when the same
    was posted before, or `refused` with a reason. The refused ones do not hold up the others.

    Only the first answer of a person to a task counts, and only of members who let the organisation see the quality of
    their work. Post in the order in which the work was done: outcomes are counted as they arrive, and within one call
    by `occurred_at`. When the answers fall below a tier's floor, a suspension is proposed to the organisation's
    managers; nothing closes before a person has decided.
    """
    with transaction() as session:
        receipts = receive_outcomes(
            session,
            outcomes=[posted.as_outcome() for posted in body.outcomes],
            key_id=caller().key_id,
            base_url=settings_of(current_app).base_url,
            at=clock.now(),
        )
    states = [receipt.state for receipt in receipts]
    return OutcomesReceived(
        outcomes=[_receipt(receipt) for receipt in receipts],
        accepted=states.count("accepted"),
        duplicate=states.count("duplicate"),
        refused=states.count("refused"),
    )


@endpoint(
    certificates_api,
    "GET",
    "/work/quality/<uuid:subject>",
    scope=Scope.QUALITY_READ,
    summary="How good is this person's work?",
    answer=QualityShown,
    refusals=(UnknownSubject,),
    parameters={"subject": "The person's id."},
    tag="Work quality",
)
def read_quality(*, subject: UUID) -> QualityShown:
    """The estimates for each skill and over all of them, of a member who lets the organisation see them."""
    with reading() as session:
        if not has_consent(session, person_id=subject, scope=ConsentScope.QUALITY):
            raise UnknownSubject
        found = list_quality(session, person_id=subject)
    shown = [_estimate(one) for one in found]
    return QualityShown(
        subject=subject,
        skills=[one for one in shown if one.skill is not None],
        overall=next((one for one in shown if one.skill is None), None),
    )


def _receipt(receipt: Receipt) -> OutcomeReceipt:
    return OutcomeReceipt(
        external_id=receipt.external_id,
        state=receipt.state,
        reason=receipt.fault,
        message=SENTENCES[receipt.fault] if receipt.fault else None,
    )


def _estimate(one: SkillQuality) -> EstimateShown:
    return EstimateShown(
        skill=one.skill,
        tasks=one.estimate.tasks,
        estimate=float(one.estimate.value),
        low=float(one.estimate.low),
        high=float(one.estimate.high),
        updated_at=one.updated_at,
    )
