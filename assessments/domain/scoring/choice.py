"""Scores choices: one option is right or wrong; of several, hits count and false ticks cost."""

from fractions import Fraction

from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey, ChoiceResponse
from assessments.domain.scores import ItemScore, Part, weigh


def score(content: ChoiceContent, key: ChoiceKey, response: ChoiceResponse) -> ItemScore:
    """Return 1 or 0 for one choice; for several, the best agreement with an accepted set.

    Agreement is max(0, hits/|K| - false/|not K|): the share of right options that are ticked,
    less the share of wrong options that are. So both ticking nothing and ticking everything
    earn 0, and only an accepted set earns 1.

    Source: the index J = sensitivity + specificity - 1 of Youden (1950), Cancer 3(1), 32-35,
    doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3.
    """
    if content.many:
        options = frozenset(option.id for option in content.options)
        points = max(_agreement(response.choices, right, options - right) for right in key.acceptable)
    else:
        points = Fraction(response.choices in key.acceptable)
    return weigh(Part("choices", points, Fraction(1)))


def full_response(content: ChoiceContent, key: ChoiceKey) -> ChoiceResponse:
    """Return a response that earns full score."""
    return ChoiceResponse(choices=key.choices)


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
