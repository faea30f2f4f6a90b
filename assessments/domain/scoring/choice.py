"""Scores choices: one option is right or wrong; of several, hits count and false ticks cost."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey, ChoiceResponse, check_key, check_response
from assessments.domain.schemas.parts import Option
from assessments.domain.scores import ItemScore, Part, weigh
from assessments.domain.scoring.credit import label_credit


def score(content: ChoiceContent, key: ChoiceKey, response: ChoiceResponse) -> ItemScore:
    """Return 1 or 0 for one choice; for several, the best agreement with an accepted set.

    With a distribution, one choice earns the share of experts behind it over the largest share.

    Agreement is max(0, hits/|K| - false/|not K|): the share of right options that are ticked,
    less the share of wrong options that are. So both ticking nothing and ticking everything
    earn 0, and only an accepted set earns 1.

    Source: the index J = sensitivity + specificity - 1 of Youden (1950), Cancer 3(1), 32-35,
    doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3.
    """
    if key.distribution is not None:
        points = label_credit(key.shares, next(iter(response.choices), None))
    elif content.many:
        options = frozenset(option.id for option in content.options)
        points = max(_agreement(response.choices, right, options - right) for right in key.acceptable)
    else:
        points = Fraction(response.choices in key.acceptable)
    nearest = min(key.acceptable, key=lambda right: len(right ^ response.choices))
    counts = {"found": len(response.choices & nearest), "right": len(nearest), "extra": len(response.choices - nearest)}
    return weigh(Part("choices", points, Fraction(1), counts))


def full_response(content: ChoiceContent, key: ChoiceKey) -> ChoiceResponse:
    """Return a response that earns full score."""
    return ChoiceResponse(choices=key.choices)


def key_with(content: ChoiceContent, response: ChoiceResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response."""
    return {**key, "choices": sorted(response.choices)}


def wrong_answers(content: ChoiceContent, key: ChoiceKey) -> list[str]:
    """Return the ids of the options that no expert accepts."""
    right = frozenset(key.shares).union(*key.acceptable)
    return [option.id for option in content.options if option.id not in right]


def simple_strategies(content: ChoiceContent) -> dict[str, ChoiceResponse]:
    """Return what someone would tick who has not read the question, by name of the strategy."""
    options = content.options
    ticks = {
        "always the first option": {options[0].id},
        "always the last option": {options[-1].id},
        "always the longest option": {max(options, key=lambda option: len(option.text)).id},
    }
    if content.many:
        ticks["tick everything"] = {option.id for option in options}
    return {name: ChoiceResponse(choices=frozenset(ids)) for name, ids in ticks.items()}


def _agreement(ticked: frozenset[str], right: frozenset[str], wrong: frozenset[str]) -> Fraction:
    hits = Fraction(len(ticked & right), len(right))
    return max(Fraction(0), hits - Fraction(len(ticked & wrong), len(wrong)))


_ISLANDS = ChoiceContent(
    prompt="Which of these are islands?",
    many=True,
    options=tuple(Option(id=name.lower(), text=name) for name in ("Malta", "Cuba", "Nepal", "Chad", "Laos")),
)
TYPE = ItemType(
    name="choice",
    title="Choice",
    task="Choose the right option, or each right one, out of a list.",
    content=ChoiceContent,
    key=ChoiceKey,
    response=ChoiceResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Two of five are right; both are ticked, and a wrong one with them",
            _ISLANDS,
            ChoiceKey(choices=frozenset({"malta", "cuba"})),
            ChoiceResponse(choices=frozenset({"malta", "cuba", "nepal"})),
        ),
    ),
)
