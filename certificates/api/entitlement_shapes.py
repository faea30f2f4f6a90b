"""What the API's entitlement endpoints read and write."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from certificates.adapters.entitlement_tokens import LONGEST
from certificates.domain.entitlements import Outcome
from certificates.domain.requirement_words import say_missing
from certificates.operations.entitlements import Answer
from certificates.queries.tiers import Names
from lms.api.shapes import Instant, Shape

MOST_SUBJECTS = 1000
TierName = Annotated[
    str,
    Field(
        pattern=r"^(?:public/)?[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$",
        max_length=67,
        description="The slug of a tier of your organisation, or `public/` and that of one of the public catalogue.",
        examples=["public/generalist"],
    ),
]
Action = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        description="What the person wants to do; it is recorded with the decision and changes nothing of it.",
        examples=["work"],
    ),
]


class CheckRequest(Shape):
    """Who wants to work where."""

    subject: UUID = Field(description="The person's id.")
    tier: TierName
    action: Action = "work"


class ManyCheckRequest(Shape):
    """Who of these may work there."""

    subjects: list[UUID] = Field(min_length=1, max_length=MOST_SUBJECTS)
    tier: TierName
    action: Action = "work"


class MissingThing(Shape):
    """One thing that is missing, or a group of which `count` are needed; see the table in the documentation."""

    kind: str = Field(examples=["achievement-not-held"])
    text: str = Field(description="The same in a sentence.")
    facts: dict[str, Any] = Field(default_factory=dict, description="By kind; empty for a group.")
    count: int | None = Field(default=None, description="Of a group: how many of its parts are needed.")
    parts: list["MissingThing"] = Field(default_factory=list, description="Of a group, the cheapest first.")


class CheckAnswer(Shape):
    """A decision. It holds until `expires_at` unless something happens to the person before."""

    outcome: Outcome
    missing: list[MissingThing]
    expires_at: Instant | None = Field(description="When time alone makes it another decision; null for never.")
    decision_id: UUID


class SubjectAnswer(Shape):
    """The decision about one subject, or the problem that kept us from making one."""

    subject: UUID
    outcome: Outcome | None
    missing: list[MissingThing]
    expires_at: Instant | None
    decision_id: UUID | None
    problem: Literal["unknown-subject"] | None


class ManyCheckAnswer(Shape):
    """A row for each subject, in the order in which they were asked."""

    results: list[SubjectAnswer]


class TokenAnswer(Shape):
    """A signed entitlement token; the keys are those of `/.well-known/jwks.json`."""

    token: str
    expires_at: Instant


class IntrospectRequest(Shape):
    """A token of `POST /entitlements/tokens`."""

    token: str = Field(min_length=1, max_length=LONGEST)


class IntrospectAnswer(Shape):
    """Whether a token is still good; the other members are null where it cannot be trusted at all."""

    active: bool
    reason: Literal["not-a-token", "expired", "of-another-organisation", "no-longer-so"] | None
    subject: UUID | None
    tier: str | None
    outcome: Outcome | None = Field(description="What the token says.")
    now: Outcome | None = Field(description="What would be decided now.")
    decision_id: UUID | None
    expires_at: Instant | None


class DecisionShown(Shape):
    """A recorded decision with everything that it rests on."""

    decision_id: UUID
    subject: UUID
    tier: str
    action: str
    outcome: Outcome
    missing: list[MissingThing]
    expires_at: Instant | None
    at: Instant
    asked_by: str
    rule_version: int
    inputs: dict[str, Any] = Field(description="What the rule was given; see docs/entitlements.md.")


class RequirementShown(Shape):
    """What a tier asks for."""

    version: int = Field(ge=1)
    expression: dict[str, Any] = Field(description="The requirement as a tree; see docs/entitlements.md.")
    text: str = Field(description="The same as a phrase.")


class TierShown(Shape):
    """A tier. `requirement` is null while it is only announced."""

    name: str = Field(description="By which entitlement checks call it.", examples=["public/generalist"])
    title: str
    domain: str
    summary: str
    languages: list[str]
    pay_low: int
    pay_high: int
    currency: str
    per: str
    requirement: RequirementShown | None


def missing_shown(missing: list[dict[str, Any]], names: Names) -> list[MissingThing]:
    """What is missing, as it was recorded, with its sentences."""
    return [
        MissingThing(
            kind=one["kind"],
            text=say_missing(one, names),
            facts=one.get("facts", {}),
            count=one.get("count"),
            parts=missing_shown(one.get("parts", []), names),
        )
        for one in missing
    ]


def answer_shown(answer: Answer, names: Names) -> CheckAnswer:
    """A decision that was just made."""
    return CheckAnswer(
        outcome=answer.outcome,
        missing=missing_shown(answer.missing, names),
        expires_at=answer.expires_at,
        decision_id=answer.decision_id,
    )


def row_shown(subject: UUID, answer: Answer | None, names: Names) -> SubjectAnswer:
    """The same as a row of many."""
    expires_at: datetime | None = None if answer is None else answer.expires_at
    return SubjectAnswer(
        subject=subject,
        outcome=None if answer is None else answer.outcome,
        missing=[] if answer is None else missing_shown(answer.missing, names),
        expires_at=expires_at,
        decision_id=None if answer is None else answer.decision_id,
        problem="unknown-subject" if answer is None else None,
    )
