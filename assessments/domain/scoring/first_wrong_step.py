"""Scores the first wrong step of a chain: the step, a little for one right beside it, and what is wrong with it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.first_wrong_step import (
    NO_STEP,
    FirstWrongStepContent,
    FirstWrongStepKey,
    FirstWrongStepResponse,
    check_key,
    check_response,
)
from assessments.domain.schemas.parts import Category
from assessments.domain.scores import ItemScore, Part, nothing, weigh
from assessments.domain.scoring.credit import label_credit

WITH_REASONS = {"step": Fraction(8, 10), "reason": Fraction(2, 10)}
WITHOUT_REASONS = {"step": Fraction(1)}
BESIDE = Fraction(1, 4)  # of the credit of the step that it stands beside


def score(content: FirstWrongStepContent, key: FirstWrongStepKey, response: FirstWrongStepResponse) -> ItemScore:
    """Return 8/10 step + 2/10 reason; where the experts state no reason, the step is all. Without a step, nothing.

    - Step: the share of experts behind it, over the largest share; or, where that is more, a quarter of what the step
      before or after it earns so, because whoever stops one step beside the fault has nearly seen it. “No step is
      wrong” stands beside no step: it earns by its own share alone.
    - Reason: 1 for one that the experts accept, else 0, times the share of experts behind the step over the largest
      share; a step that is merely beside theirs has no reason to give. Where no step is wrong, the step is all.

    Source of the task, the earliest wrong step or that there is none: Zheng et al. (2024), ProcessBench,
    doi:10.48550/arXiv.2412.06559. The weights and the quarter are ours.
    """
    weights = WITH_REASONS if key.reasons else WITHOUT_REASONS
    if response.step is None:
        return nothing(weights)
    exact = label_credit(key.shares, response.step)
    step = Part("step", max(exact, _credit_beside(key, response.step)), weights["step"])
    if not key.reasons:
        return weigh(step)
    return weigh(step, Part("reason", exact * (response.reason in key.reasons), weights["reason"]))


def full_response(content: FirstWrongStepContent, key: FirstWrongStepKey) -> FirstWrongStepResponse:
    """Return a response that earns full score: the step, and the first reason on offer that is accepted."""
    accepted = [reason.id for reason in content.reasons if reason.id in key.reasons]
    return FirstWrongStepResponse(step=key.step, reason=accepted[0] if accepted else None)


def key_with(
    content: FirstWrongStepContent, response: FirstWrongStepResponse, key: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the raw key whose answer is this response; further reasons stay where the first accepted one does."""
    accepted = [reason.id for reason in content.reasons if reason.id in (key.get("reasons") or ())]
    if accepted[:1] != [response.reason]:
        accepted = [] if response.reason is None else [response.reason]
    return {**key, "step": response.step, "reasons": sorted(accepted)}


def wrong_answers(content: FirstWrongStepContent, key: FirstWrongStepKey) -> None:
    """A chain may have many steps, and only some of them tempt, so they are not listed one by one."""


def simple_strategies(content: FirstWrongStepContent) -> dict[str, FirstWrongStepResponse]:
    """Return the responses of someone who has not read the steps, by name of the strategy."""
    last = len(content.steps)
    steps = {"first": 1, "second": min(2, last), "middle": (last + 1) // 2, "last": last}
    ids: list[str | None] = [reason.id for reason in content.reasons] or [None]
    reasons = {"first": ids[0], "last": ids[-1]}
    strategies = {
        f"always the {place} step, the {which} reason": FirstWrongStepResponse(step=step, reason=reason)
        for place, step in steps.items()
        for which, reason in reasons.items()
    }
    return {"always “no step is wrong”": FirstWrongStepResponse(step=NO_STEP), **strategies}


def _credit_beside(key: FirstWrongStepKey, step: int) -> Fraction:
    neighbours = [number for number in (step - 1, step + 1) if step != NO_STEP and number != NO_STEP]
    return max((BESIDE * label_credit(key.shares, number) for number in neighbours), default=Fraction(0))


_CHAIN = FirstWrongStepContent(
    problem="A jacket costs 80 coins. It is reduced by a quarter, and then by 10 more coins. What does it cost?",
    steps=(
        "A quarter of 80 is 20.",
        "80 less 20 is 50.",
        "50 less 10 is 40, so the jacket costs 40 coins.",
        "Check: 40 is half of 80.",
    ),
    reasons=(
        Category(id="arithmetic", title="Wrong arithmetic", rule="The numbers are right, their result is not."),
        Category(id="misread", title="Misread problem", rule="It works with something that the problem does not say."),
    ),
)
_CHAIN_KEY = FirstWrongStepKey(step=2, votes={2: 4, 3: 1}, reasons=frozenset({"arithmetic"}))
TYPE = ItemType(
    name="first-wrong-step",
    title="First wrong step",
    task="Find the first wrong step of a chain of reasoning, and say what is wrong with it.",
    content=FirstWrongStepContent,
    key=FirstWrongStepKey,
    response=FirstWrongStepResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "The step that most experts name, with another reason than theirs",
            _CHAIN,
            _CHAIN_KEY,
            FirstWrongStepResponse(step=2, reason="misread"),
        ),
        WorkedExample(
            "The step that one expert of five names, with the accepted reason",
            _CHAIN,
            _CHAIN_KEY,
            FirstWrongStepResponse(step=3, reason="arithmetic"),
        ),
    ),
)
