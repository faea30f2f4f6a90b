"""Pairwise preference: which of two responses is better, how much, and why."""

from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import Field, PlainSerializer, ValidationInfo, field_validator, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Line,
    Response,
    Text,
    echo_names,
)
from assessments.domain.schemas.parts import Category, check_ids_differ
from assessments.domain.schemas.votes import Votes, shares_of

Reasons = Annotated[frozenset[Identifier], PlainSerializer(sorted, return_type=list[str], when_used="json")]


class Preference(StrEnum):
    """Which response is better; `equal` where neither is."""

    A = "a"
    B = "b"
    EQUAL = "equal"


class Strength(StrEnum):
    """How much better, in rising order."""

    SLIGHTLY = "slightly"
    CLEARLY = "clearly"
    MUCH = "much"


class PairwisePreferenceContent(Content):
    """A task, two responses to it, and the reasons on offer for preferring one."""

    task: Text
    question: Line = "Which response is better?"
    reference_title: Line | None = None
    reference: Text | None = None
    response_a: Text
    response_b: Text
    may_be_equal: bool = True
    asks_strength: bool = True
    reasons: Annotated[tuple[Category, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("reason", self.reasons)
        return self

    @property
    def stem(self) -> str:
        return f"{self.task}\n\n{self.response_a}\n\n{self.response_b}"


class PairwisePreferenceKey(Key):
    """The experts' preference (or how many stand behind each), its strength likewise, and the reasons that hold.

    Without `strength` or `reasons` that part is not scored. With votes, `preference` is what most experts chose.
    """

    preference: Preference
    votes: dict[Preference, Votes] | None = None
    strength: Strength | dict[Strength, Votes] | None = None
    reasons: Reasons = frozenset()

    @model_validator(mode="after")
    def _votes_back_the_preference(self) -> Self:
        if self.shares.get(self.preference) != max(self.shares.values()):
            raise ValueError(f"{self.preference} is not what most experts preferred")
        if isinstance(self.strength, dict):
            shares_of(self.strength)
        return self

    @property
    def shares(self) -> dict[Preference, Fraction]:
        """The exact share of experts behind each preference."""
        return {self.preference: Fraction(1)} if self.votes is None else shares_of(self.votes)

    @property
    def strength_shares(self) -> dict[Strength, Fraction]:
        """The exact share of experts behind each strength; empty where strength is not scored."""
        if self.strength is None:
            return {}
        return shares_of(self.strength) if isinstance(self.strength, dict) else {self.strength: Fraction(1)}


class PairwisePreferenceResponse(Response):
    """Which is better, how much, and the ids of the reasons; strength and reasons fall away when equal."""

    preference: Preference | None = None
    strength: Strength | None = None
    reasons: Reasons = frozenset()

    @field_validator("strength", "reasons")
    @classmethod
    def _equal_needs_no_more(cls, given: Any, info: ValidationInfo) -> Any:
        if info.data.get("preference") is not Preference.EQUAL:
            return given
        return frozenset() if info.field_name == "reasons" else None


def check_key(content: PairwisePreferenceContent, key: PairwisePreferenceKey) -> None:
    """Raise InvalidKey for what the item does not ask, unknown reasons, or a key that holds for every reason."""
    _check_preference(content, key)
    reasons = {reason.id for reason in content.reasons}
    if unknown := key.reasons - reasons:
        raise InvalidKey(f"key names unknown reasons {echo_names(unknown)}; they are {', '.join(sorted(reasons))}")
    if key.reasons and key.preference is Preference.EQUAL:
        raise InvalidKey("the responses are equal, so there is no reason to prefer one")
    if key.reasons and key.reasons == reasons:
        raise InvalidKey("every reason holds; at least one must not, or ticking all would be right")


def _check_preference(content: PairwisePreferenceContent, key: PairwisePreferenceKey) -> None:
    if Preference.EQUAL in key.shares and not content.may_be_equal:
        raise InvalidKey("experts found the responses equal, but the item does not offer that")
    if key.strength is not None and (not content.asks_strength or key.preference is Preference.EQUAL):
        raise InvalidKey("the key has a strength, but none is asked for, or the responses are equal")
    is_split = list(key.shares.values()).count(max(key.shares.values())) > 1
    if is_split and (key.strength is not None or key.reasons):
        raise InvalidKey("experts are evenly split, so no strength or reasons hold for what most of them preferred")


def check_response(content: PairwisePreferenceContent, response: PairwisePreferenceResponse) -> None:
    """Raise InvalidResponse for what is not on offer."""
    if response.preference is Preference.EQUAL and not content.may_be_equal:
        raise InvalidResponse("this item asks for the better one; equal is not on offer")
    if response.strength is not None and not content.asks_strength:
        raise InvalidResponse("this item does not ask how much better the better one is")
    reasons = {reason.id for reason in content.reasons}
    if unknown := response.reasons - reasons:
        raise InvalidResponse(f"unknown reasons {echo_names(unknown)}; they are {', '.join(sorted(reasons)) or 'none'}")
