"""Scores matches: right pairs count, and partners for entries that have none cost."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.match import MatchContent, MatchKey, MatchResponse, check_key, check_response
from assessments.domain.schemas.parts import Option
from assessments.domain.scores import ItemScore, Part, weigh


def score(content: MatchContent, key: MatchKey, response: MatchResponse) -> ItemScore:
    """Return max(0, (right pairs - needless pairs) / entries that have a partner).

    A pair is right when the target is the key's, or accepted, for its entry; it is needless when its entry has no
    partner at all. A wrong partner earns nothing and costs nothing, so that guessing one target of m for every entry
    earns 1/m on average. Full score takes every right pair and no needless one.
    """
    right = sum(response.pairs.get(entry) in key.acceptable(entry) for entry in key.pairs)
    needless = len(response.pairs.keys() - key.pairs.keys())
    counts = {"right": right, "pairs": len(key.pairs), "needless": needless}
    return weigh(Part("pairs", max(Fraction(0), Fraction(right - needless, len(key.pairs))), Fraction(1), counts))


def full_response(content: MatchContent, key: MatchKey) -> MatchResponse:
    """Return a response that earns full score."""
    return MatchResponse(pairs=key.pairs)


def key_with(content: MatchContent, response: MatchResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response."""
    return {**key, "pairs": dict(response.pairs)}


def wrong_answers(content: MatchContent, key: MatchKey) -> None:
    """There are too many ways to match wrongly to list them."""


def simple_strategies(content: MatchContent) -> dict[str, MatchResponse]:
    """Return the pairs of someone who has not read the lists, by name of the strategy."""
    entries = [entry.id for entry in content.entries]
    targets = [target.id for target in content.targets]
    pairs = {
        "always the first target": dict.fromkeys(entries, targets[0]),
        "always the last target": dict.fromkeys(entries, targets[-1]),
        "the targets in turn": {entry: targets[at % len(targets)] for at, entry in enumerate(entries)},
        "the targets in turn, from the last": {
            entry: targets[-1 - at % len(targets)] for at, entry in enumerate(entries)
        },
    }
    return {name: MatchResponse(pairs=given) for name, given in pairs.items()}


def _options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(id=text.lower(), text=text) for text in texts)


TYPE = ItemType(
    name="match",
    title="Match",
    task="Give each entry of one list its partner in another.",
    content=MatchContent,
    key=MatchKey,
    response=MatchResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Three entries have a partner and one has none; two pairs are right, one is wrong, one is needless",
            MatchContent(
                prompt="Which capital belongs to which country? One country is not among the targets.",
                entries=_options("Lisbon", "Oslo", "Cairo", "Lima"),
                targets=_options("Portugal", "Norway", "Egypt"),
            ),
            MatchKey(pairs={"lisbon": "portugal", "oslo": "norway", "cairo": "egypt"}),
            MatchResponse(pairs={"lisbon": "portugal", "oslo": "norway", "cairo": "norway", "lima": "egypt"}),
        ),
    ),
)
