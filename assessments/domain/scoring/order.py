"""Scores orders by the pairs of entries that stand in the right sequence."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.order import OrderContent, OrderKey, OrderResponse, check_key, check_response
from assessments.domain.schemas.parts import Option
from assessments.domain.scores import ItemScore, Part, nothing, weigh
from assessments.domain.scoring.rank_agreement import count_pairs, kendall_tau


def score(content: OrderContent, key: OrderKey, response: OrderResponse) -> ItemScore:
    """Return how far the order agrees with the right one, 0 to 1; an untouched list earns nothing.

    The agreement is Kendall's tau, (C - D)/N: of all N pairs of entries, C stand in the right sequence and D in the
    opposite one. It is 1 for the right order and -1 for the reverse, and an order at random has 0 on average; below
    0 it earns nothing. Where several orders are right, the one that agrees best with the answer counts.

    Source: Kendall (1938), Biometrika 30(1/2), 81-93, doi:10.1093/biomet/30.1-2.81.
    """
    if not response.order:
        return nothing({"order": Fraction(1)})
    nearest = nearest_order(key, response)
    alike, opposite = count_pairs(response.order, [[entry] for entry in nearest])
    points = max(Fraction(0), kendall_tau(response.order, nearest))
    return weigh(Part("order", points, Fraction(1), {"alike": alike, "pairs": alike + opposite}))


def nearest_order(key: OrderKey, response: OrderResponse) -> tuple[str, ...]:
    """Return the accepted sequence that agrees best with the answer; the key's first while the list is untouched."""
    if not response.order:
        return key.order
    return max(key.acceptable, key=lambda right: kendall_tau(response.order, right))


def full_response(content: OrderContent, key: OrderKey) -> OrderResponse:
    """Return a response that earns full score."""
    return OrderResponse(order=key.order)


def key_with(content: OrderContent, response: OrderResponse, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw key whose answer is this response."""
    return {**key, "order": list(response.order)}


def wrong_answers(content: OrderContent, key: OrderKey) -> None:
    """There are too many wrong sequences to list them."""


def simple_strategies(content: OrderContent) -> dict[str, OrderResponse]:
    """Return the sequences of someone who has not read the entries, by name of the strategy."""
    shown = tuple(entry.id for entry in content.entries)
    by_length = tuple(entry.id for entry in sorted(content.entries, key=lambda entry: len(entry.text)))
    orders = {
        "as shown": shown,
        "as shown, from the last": shown[::-1],
        "the shortest first": by_length,
        "the longest first": by_length[::-1],
    }
    return {name: OrderResponse(order=order) for name, order in orders.items()}


TYPE = ItemType(
    name="order",
    title="Order",
    task="Bring entries into the right sequence.",
    content=OrderContent,
    key=OrderKey,
    response=OrderResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "Four steps; in the answer the first two have changed places",
            OrderContent(
                prompt="In which order does a reviewer work?",
                entries=(
                    Option(id="judge", text="Judge each claim."),
                    Option(id="write", text="Write the verdict."),
                    Option(id="split", text="Split the text into claims."),
                    Option(id="read", text="Read the text."),
                ),
            ),
            OrderKey(order=("read", "split", "judge", "write")),
            OrderResponse(order=("split", "read", "judge", "write")),
        ),
    ),
)
