"""Claim verdict: label a claim against evidence, select the evidence, state a confidence."""

from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, PlainSerializer, model_validator

from assessments.domain.schemas.base import Content, InvalidKey, InvalidResponse, Key, Line, Response, Text
from assessments.domain.schemas.votes import Votes, shares_of

# Numbers of passages; JSON has them sorted, so that the same set is always the same bytes.
Passages = Annotated[
    frozenset[Annotated[int, Field(ge=1, le=20)]],
    PlainSerializer(sorted, return_type=list[int], when_used="json"),
]


class Verdict(StrEnum):
    """How a claim stands to the evidence given with it."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_VERIFIABLE = "not-verifiable"


class ClaimVerdictContent(Content):
    """A claim and the numbered evidence (first is 1) that alone decides its verdict."""

    claim: Text
    context: Text | None = None
    evidence_title: Line
    evidence: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]

    @property
    def stem(self) -> str:
        return self.claim


class ClaimVerdictKey(Key):
    """The verdict with its evidence, or the share of experts behind each verdict.

    `evidence` holds the numbers of the passages that decide the verdict; it is empty exactly
    when no passage bears on the claim. `distribution` says how many experts gave each verdict, or
    their shares, which sum to 1; then `label` is the verdict that most of them gave.
    """

    label: Verdict
    evidence: Passages = frozenset()
    distribution: dict[Verdict, Votes] | None = None

    @model_validator(mode="after")
    def _distribution_backs_the_label(self) -> Self:
        if self.shares[self.label] != max(self.shares.values()):
            raise ValueError(f"label {self.label} is not the verdict with the largest share")
        return self

    @property
    def shares(self) -> dict[Verdict, Fraction]:
        """The exact share of experts behind each verdict; without a distribution all stand behind `label`."""
        if self.distribution is None:
            return {verdict: Fraction(verdict == self.label) for verdict in Verdict}
        given = shares_of(self.distribution)
        return {verdict: given.get(verdict, Fraction(0)) for verdict in Verdict}


class ClaimVerdictResponse(Response):
    """A verdict, the numbers of the evidence chosen, and the confidence (0 to 1) that it is right."""

    label: Verdict | None = None
    evidence: Passages = frozenset()
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None


def check_key(content: ClaimVerdictContent, key: ClaimVerdictKey) -> None:
    """Raise InvalidKey for evidence numbers that do not exist, or a decided verdict without evidence."""
    count = len(content.evidence)
    if outside := {number for number in key.evidence if number > count}:
        raise InvalidKey(f"key names evidence {sorted(outside)}; the item has passages 1 to {count}")
    if key.label is not Verdict.NOT_VERIFIABLE and not key.evidence:
        raise InvalidKey(f"a verdict of {key.label} needs the passages that decide it")


def check_response(content: ClaimVerdictContent, response: ClaimVerdictResponse) -> None:
    """Raise InvalidResponse for evidence numbers that do not exist."""
    count = len(content.evidence)
    if outside := {number for number in response.evidence if number > count}:
        raise InvalidResponse(f"evidence {sorted(outside)} does not exist; the passages are 1 to {count}")
