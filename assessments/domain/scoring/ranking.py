"""Scores rankings by the pairs that stand as the experts have them, where experts may have ties and may differ."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.parts import Option
from assessments.domain.schemas.ranking import (
    ExpertRanking,
    RankingContent,
    RankingKey,
    RankingResponse,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, nothing, weigh
from assessments.domain.scoring.rank_agreement import count_pairs


def score(content: RankingContent, key: RankingKey, response: RankingResponse) -> ItemScore:
    """Return how far the ranking agrees with the experts', 0 to 1; an untouched list earns nothing.

    Against one expert the agreement is (C - D)/U: of the U pairs of entries that this expert does not tie, C stand in
    the expert's order and D in the opposite one. It runs from -1 to 1, an order at random has 0 on average, and
    pairs that the expert ties may stand either way. It is tau-b divided by the greatest tau-b that an order without
    ties can reach against that expert.

    Over several experts the agreement is averaged by how many gave each ranking, and divided by what the best of the
    experts' own rankings reaches (its ties in the sequence shown), so that experts who differ take nothing from who
    ranks as well as they do. The result is held between 0 and 1.

    Sources: pairs in order and out of order, Kendall (1938), Biometrika 30(1/2), 81-93, doi:10.1093/biomet/30.1-2.81;
    tau-b for rankings with ties, Kendall (1945), Biometrika 33(3), 239-251, doi:10.1093/biomet/33.3.239.
    """
    if not response.order:
        return nothing({"ranking": Fraction(1)})
    best = key.agreement(key.best_order(content.shown))
    points = min(Fraction(1), max(Fraction(0), key.agreement(response.order) / best))
    alike, opposite = count_pairs(response.order, key.rankings[0].groups)
    return weigh(Part("ranking", points, Fraction(1), {"alike": alike, "pairs": alike + opposite}))


def full_response(content: RankingContent, key: RankingKey) -> RankingResponse:
    """Return a response that earns full score: the best of the experts' own rankings, ties in the sequence shown."""
    return RankingResponse(order=key.best_order(content.shown))


def key_with(content: RankingContent, response: RankingResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response; rankings of several experts, and ties that it fits, stay."""
    stated = _stated(key)
    if stated and (len(stated.rankings) > 1 or stated.rankings[0].order(content.shown) == response.order):
        return dict(key)
    experts = stated.rankings[0].experts if stated else 1
    return {**key, "rankings": [{"groups": [[entry] for entry in response.order], "experts": experts}]}


def wrong_answers(content: RankingContent, key: RankingKey) -> None:
    """Rankings are more or less right, and too many to be listed one by one."""


def simple_strategies(content: RankingContent) -> dict[str, RankingResponse]:
    """Return the rankings of someone who has not read the entries, by name of the strategy."""
    by_length = sorted(content.entries, key=lambda entry: len(entry.text))
    shortest_first = tuple(entry.id for entry in by_length)
    orders = {
        "as shown": content.shown,
        "as shown, from the last": content.shown[::-1],
        "the longest first": shortest_first[::-1],
        "the shortest first": shortest_first,
    }
    return {name: RankingResponse(order=order) for name, order in orders.items()}


def _stated(key: Mapping[str, Any]) -> RankingKey | None:
    """The rankings that a raw key states, or None where they are yet to be stated."""
    try:
        return RankingKey.model_validate({"rankings": key.get("rankings", ())})
    except ValidationError:
        return None


TYPE = ItemType(
    name="ranking",
    title="Ranking",
    task="Order several responses to one task from best to worst.",
    content=RankingContent,
    key=RankingKey,
    response=RankingResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Three experts tie the first two, one does not; the answer puts the vague one second",
            RankingContent(
                task="Summarise: “The bridge is closed to lorries until May. Cars may cross from six to ten.”",
                entries=(
                    Option(id="vague", text="Something is up with the bridge."),
                    Option(id="wrong", text="The bridge is closed to everybody until May."),
                    Option(id="short", text="Until May no lorries on the bridge; cars from six to ten."),
                    Option(id="full", text="Lorries may not cross the bridge until May. Cars may, from six to ten."),
                ),
            ),
            RankingKey(
                rankings=(
                    ExpertRanking(groups=(("short", "full"), ("vague",), ("wrong",)), experts=3),
                    ExpertRanking(groups=(("full",), ("short",), ("wrong",), ("vague",)), experts=1),
                )
            ),
            RankingResponse(order=("full", "vague", "short", "wrong")),
        ),
    ),
)
