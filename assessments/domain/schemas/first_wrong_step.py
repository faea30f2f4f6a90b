"""First wrong step: find the first wrong step of a chain of reasoning, and say what is wrong with it."""

from fractions import Fraction
from typing import Annotated, Self

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
    echo,
    echo_names,
)
from assessments.domain.schemas.parts import Category, check_ids_differ
from assessments.domain.schemas.votes import Votes, shares_of

Reasons = Annotated[frozenset[Identifier], PlainSerializer(sorted, return_type=list[str], when_used="json")]
StepNumber = Annotated[int, Field(ge=0, le=60)]  # 0 says that no step is wrong

NO_STEP = 0


class FirstWrongStepContent(Content):
    """A problem, the numbered steps (first is 1) of an answer to it, and what may be wrong with a step."""

    problem: Text
    reference_title: Line | None = None
    reference: Text | None = None
    steps: Annotated[tuple[Text, ...], Field(min_length=1, max_length=60)]
    reasons: Annotated[tuple[Category, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("reason", self.reasons)
        return self

    @property
    def stem(self) -> str:
        return "\n\n".join((self.problem, *self.steps))


class FirstWrongStepKey(Key):
    """The number of the first wrong step (0: none is wrong), or how many experts named each; and accepted reasons.

    With votes, `step` is what most experts named. Without `reasons` that part is not scored.
    """

    step: StepNumber
    votes: dict[StepNumber, Votes] | None = None
    reasons: Reasons = frozenset()

    @model_validator(mode="after")
    def _votes_back_the_step(self) -> Self:
        if self.shares.get(self.step) != max(self.shares.values()):
            raise ValueError(f"step {self.step} is not what most experts named")
        return self

    @property
    def shares(self) -> dict[int, Fraction]:
        """The exact share of experts behind each step."""
        return {self.step: Fraction(1)} if self.votes is None else shares_of(self.votes)


class FirstWrongStepResponse(Response):
    """The first wrong step (0: none is wrong), and the id of what is wrong with it; where none is, it falls away."""

    step: StepNumber | None = None
    reason: Identifier | None = None

    @field_validator("reason")
    @classmethod
    def _no_wrong_step_needs_no_reason(cls, reason: str | None, info: ValidationInfo) -> str | None:
        return None if info.data.get("step") == NO_STEP else reason


def check_key(content: FirstWrongStepContent, key: FirstWrongStepKey) -> None:
    """Raise InvalidKey for steps that do not exist, and for reasons that are unknown, groundless or all there are."""
    count = len(content.steps)
    if (highest := max(key.shares)) > count:
        raise InvalidKey(f"key names step {highest}; the item has steps 1 to {count}, and 0 for none")
    reasons = {reason.id for reason in content.reasons}
    if unknown := key.reasons - reasons:
        raise InvalidKey(f"key names unknown reasons {echo_names(unknown)}; they are {', '.join(sorted(reasons))}")
    if key.reasons and key.step == NO_STEP:
        raise InvalidKey("no step is wrong, so there is no reason to accept")
    if key.reasons and key.reasons == reasons:
        raise InvalidKey("every reason is accepted; at least one must not be, or any would be right")
    if key.reasons and list(key.shares.values()).count(max(key.shares.values())) > 1:
        raise InvalidKey("experts are evenly split over steps, so no reason holds for the step that most named")


def check_response(content: FirstWrongStepContent, response: FirstWrongStepResponse) -> None:
    """Raise InvalidResponse for a step that does not exist or an unknown reason."""
    count = len(content.steps)
    if response.step is not None and response.step > count:
        raise InvalidResponse(f"there is no step {response.step}; they are 1 to {count}, and 0 for none")
    reasons = {reason.id for reason in content.reasons}
    if response.reason is not None and response.reason not in reasons:
        raise InvalidResponse(
            f"unknown reason {echo(response.reason)}; they are {', '.join(sorted(reasons)) or 'none'}"
        )
